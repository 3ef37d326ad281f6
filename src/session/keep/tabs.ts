/** The right to save the run of one figure: one tab has it at a time. */
export interface Claim {
  release(): void;
}

/**
 * What a tab must do when another one takes its claim over: save, and from then on leave the saved run alone. If it is
 * `late`, the other tab has not waited, and what is saved now would be written over the other's work.
 */
export type Yield = (late: boolean) => Promise<void>;

/** The tabs of this browser that have the course open. */
export interface Tabs {
  /** The claim on a figure's run, or null where another tab has it. */
  claim(figure: string, onYield: Yield): Promise<Claim | null>;
  /** The claim, whoever has it. Resolves when the other tab has saved its run. */
  takeOver(figure: string, onYield: Yield): Promise<Claim>;
}

/** A tab that does not answer for so long is frozen, and what it has not saved by then it never will. */
const ANSWERS_WITHIN_MS = 2_000;

const lockOf = (figure: string): string => `standby.run.${figure}`;

/** By Web Locks and a BroadcastChannel. Where a browser has no locks, or denies them to a frame, every tab has every claim. */
export function browserTabs(): Tabs {
  const channel = openChannel();
  const held = new Map<string, { readonly onYield: Yield; readonly claim: Claim }>();

  channel?.addEventListener('message', async ({ data }: MessageEvent<{ yield?: string }>) => {
    const mine = held.get(data.yield ?? '');
    if (!mine) return;
    await mine.onYield(false);
    mine.claim.release();
  });

  const request = (figure: string, onYield: Yield, options: LockOptions): Promise<Claim | null> => {
    const { locks } = navigator;
    if (!locks) return Promise.resolve({ release: () => {} });
    return new Promise((resolve, reject) => {
      const until = locks.request(lockOf(figure), options, (lock) => {
        if (!lock) return resolve(null);
        return new Promise<void>((done) => {
          const claim = {
            release: () => {
              held.delete(figure);
              done();
            },
          };
          held.set(figure, { onYield, claim });
          resolve(claim);
        });
      });
      until.catch((error) => {
        // Without a holder the request itself has failed; with one, another tab has stolen the lock.
        const mine = held.get(figure);
        if (!mine) return isWaitOver(error) ? reject(error) : resolve({ release: () => {} });
        held.delete(figure);
        void mine.onYield(true);
      });
    });
  };

  return {
    claim: (figure, onYield) => request(figure, onYield, { ifAvailable: true }),
    takeOver: async (figure, onYield) => {
      channel?.postMessage({ yield: figure });
      try {
        const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
        return (await request(figure, onYield, { signal })) as Claim;
      } catch {
        return (await request(figure, onYield, { steal: true })) as Claim;
      }
    },
  };
}

function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel('standby');
  } catch {
    return null;
  }
}

/** The signal of a request that has waited long enough; all other failures are refusals. */
const isWaitOver = (error: unknown): boolean =>
  error instanceof DOMException && ['AbortError', 'TimeoutError'].includes(error.name);

/**
 * The claims on several figures' runs, for as long as something else is written in their place: other tabs save what
 * they have, and leave the saved runs alone from then on. Returns how to release them.
 */
export async function takeOverAll(tabs: Tabs, figures: readonly string[]): Promise<() => void> {
  const claims = await Promise.all(figures.map((figure) => tabs.takeOver(figure, async () => {})));
  return () => {
    for (const claim of claims) claim.release();
  };
}
