import type { EngineParts } from '../engine/postgres-module.ts';
import { overall, type Verdict } from '../grading/verdict.ts';
import type { GradingStep } from '../lab/grading-step.ts';
import type { FromGrader, GradedSeed, ToGrader } from './grading-protocol.ts';
import type { CheckedWork } from './lab-progress.ts';
import type { RunRecord } from './protocol.ts';
import { isLab } from './run-spec.ts';
import { Store } from './store.ts';

/** How many seeds are graded side by side: each takes a core, and the memory of a cluster. */
const AT_ONCE = 2;

/** A worker that grades one seed and is ended then. */
export interface Grader {
  post(message: ToGrader): void;
  end(): void;
}

export interface GraderListener {
  message(message: FromGrader): void;
  died(reason: string): void;
}

/** What grading needs of the page. */
export interface GradingHost {
  loadEngine(): Promise<EngineParts>;
  startGrader(listener: GraderListener): Grader;
}

export type SeedState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly step: GradingStep }
  | { readonly kind: 'graded'; readonly graded: GradedSeed }
  /** It could not be graded. This is no verdict: it can be tried again. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface SeedProgress {
  readonly seed: number;
  readonly state: SeedState;
}

export interface GradingState {
  readonly phase: 'idle' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly seeds: readonly SeedProgress[];
  /** What is, or was, graded. */
  readonly record: RunRecord | null;
  readonly checked: CheckedWork | null;
}

const IDLE: GradingState = { phase: 'idle', seeds: [], record: null, checked: null };

/** A learner's work, graded in workers of its own: on each seed of the lab, side by side, while her run goes on. */
export class Grading {
  readonly state = new Store<GradingState>(IDLE);
  readonly #checks: readonly string[];
  readonly #host: GradingHost;
  readonly #running = new Map<number, Grader>();

  /** `checks`: their ids, in the order of the lab. */
  constructor(checks: readonly string[], host: GradingHost) {
    this.#checks = checks;
    this.#host = host;
  }

  /** Grades a run on these seeds. One that is under way is given up. */
  start(record: RunRecord, seeds: readonly number[]): void {
    this.#endAll();
    const waiting = seeds.map((seed) => ({ seed, state: { kind: 'waiting' } as const }));
    this.state.set({ phase: 'running', seeds: waiting, record, checked: null });
    this.#startNext();
  }

  cancel(): void {
    if (this.state.get().phase !== 'running') return;
    this.#endAll();
    this.state.change({ phase: 'cancelled' });
  }

  /** Tries again the seeds that could not be graded. */
  retry(): void {
    const { phase, seeds } = this.state.get();
    if (phase !== 'failed') return;
    const again = seeds.map((one) =>
      one.state.kind === 'failed' ? { ...one, state: { kind: 'waiting' } as const } : one,
    );
    this.state.change({ phase: 'running', seeds: again });
    this.#startNext();
  }

  #startNext(): void {
    const { phase, seeds } = this.state.get();
    if (phase !== 'running') return;
    const settled = ({ state: { kind } }: SeedProgress) => kind === 'graded' || kind === 'failed';
    if (seeds.every(settled)) this.#finish();
    for (const { seed, state } of seeds) {
      if (this.#running.size >= AT_ONCE) return;
      if (state.kind === 'waiting') void this.#grade(seed);
    }
  }

  async #grade(seed: number): Promise<void> {
    const { record } = this.state.get();
    if (!record) return;
    const settle = (state: SeedState) => {
      if (this.#running.get(seed) !== grader) return;
      grader.end();
      this.#running.delete(seed);
      this.#set(seed, state);
      this.#startNext();
    };
    const grader = this.#host.startGrader({
      message: (message) => {
        if (message.kind === 'graded') settle({ kind: 'graded', graded: message.graded });
        else if (message.kind === 'failed') settle({ kind: 'failed', reason: message.reason });
        else if (this.#running.get(seed) === grader)
          this.#set(seed, { kind: 'running', step: message.step });
      },
      died: (reason) => settle({ kind: 'failed', reason }),
    });
    this.#running.set(seed, grader);
    this.#set(seed, { kind: 'running', step: { kind: 'start' } });
    try {
      grader.post({ record, seed, engine: await this.#host.loadEngine() });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      settle({ kind: 'failed', reason });
    }
  }

  #set(seed: number, state: SeedState): void {
    const seeds = this.state.get().seeds.map((one) => (one.seed === seed ? { seed, state } : one));
    this.state.change({ seeds });
  }

  #finish(): void {
    const { seeds, record } = this.state.get();
    const graded = seeds.flatMap(({ state }) => (state.kind === 'graded' ? [state.graded] : []));
    if (!record || graded.length < seeds.length) this.state.change({ phase: 'failed' });
    else this.state.change({ phase: 'done', checked: checkedWork(this.#checks, record, graded) });
  }

  #endAll(): void {
    for (const grader of this.#running.values()) grader.end();
    this.#running.clear();
  }
}

function checkedWork(
  checks: readonly string[],
  record: RunRecord,
  graded: readonly GradedSeed[],
): CheckedWork {
  const own = graded.find(({ seed }) => isLab(record.spec) && seed === record.spec.seed);
  if (!own?.hashes) throw new RangeError('a run is graded on its own seed too');
  const verdicts = checks.map((check) => verdictOf(check, graded));
  const shown = new Set(
    verdicts.flatMap(({ seed, judgement }) => (judgement.outcome === 'pass' ? [] : [seed])),
  );
  return {
    record,
    hashes: own.hashes,
    verdicts,
    graded: graded.filter(({ seed }) => shown.has(seed)).map((one) => one.record),
  };
}

function verdictOf(check: string, graded: readonly GradedSeed[]): Verdict {
  return overall(
    graded.flatMap(({ seed, judgements }) => {
      const judgement = judgements.get(check);
      return judgement ? [{ check, seed, judgement }] : [];
    }),
  );
}
