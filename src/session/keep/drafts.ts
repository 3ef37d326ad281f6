import type { Keepsakes } from './keepsakes.ts';

/** Typing is kept when it rests for so long, and when the page is left. */
const REST_MS = 300;

/** What is typed and not yet run, by figure or lab and by field. */
export class Drafts {
  readonly #keepsakes: Keepsakes;
  readonly #later: (task: () => void, ms: number) => void;
  readonly #unkept = new Map<string, string>();

  constructor(keepsakes: Keepsakes, later: (task: () => void, ms: number) => void) {
    this.#keepsakes = keepsakes;
    this.#later = later;
  }

  /** The text last typed there; empty where there is none. */
  async read(owner: string, field: string): Promise<string> {
    const of = placeOf(owner, field);
    return this.#unkept.get(of) ?? (await this.#keepsakes.read('draft', of))?.contents ?? '';
  }

  /** Call at every change of the text; an empty one is forgotten. */
  write(owner: string, field: string, text: string): void {
    const of = placeOf(owner, field);
    this.#unkept.set(of, text);
    this.#later(() => {
      if (this.#unkept.get(of) === text) void this.#keepOne(of, text);
    }, REST_MS);
  }

  /** Keeps at once what is not kept yet: the page is being left. */
  flush(): void {
    for (const [of, text] of this.#unkept) void this.#keepOne(of, text);
  }

  async #keepOne(of: string, text: string): Promise<void> {
    this.#unkept.delete(of);
    if (text === '') await this.#keepsakes.forget('draft', of);
    else await this.#keepsakes.keep('draft', of, text);
  }
}

const placeOf = (owner: string, field: string): string => `${owner}/${field}`;
