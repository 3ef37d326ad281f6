import type { Claim, Tabs, Yield } from '../../../../src/session/keep/tabs.ts';

/** The tabs of one browser, in one realm: each `open()` is another tab. */
export class FakeTabs {
  readonly #held = new Map<string, Yield>();

  open(): Tabs {
    return {
      claim: async (figure, onYield) =>
        this.#held.has(figure) ? null : this.#hold(figure, onYield),
      takeOver: async (figure, onYield) => {
        await this.#held.get(figure)?.(false);
        return this.#hold(figure, onYield);
      },
    };
  }

  #hold(figure: string, onYield: Yield): Claim {
    this.#held.set(figure, onYield);
    return { release: () => this.#held.delete(figure) };
  }
}
