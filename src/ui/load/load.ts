/** What clients get of a cluster, from what they were told: how many answers a second, how long they took, which errors. */
import type { StatementView } from '../../cluster/cluster-view.ts';
import type { PopulationView } from '../../cluster/workload/population.ts';
import type { Point } from '../plots/series.ts';

/** A stretch of time in µs, as the panels show it. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Populations that go by one name and use one node: the tills of a lab, each a population of its own, are shown as one. */
export interface Crowd {
  readonly name: string;
  readonly node: string;
  readonly clients: readonly string[];
}

export interface Load extends Crowd {
  /** Answers a second, bin by bin. */
  readonly rate: readonly Point[];
  /** Within how many µs 95 of 100 were answered, bin by bin; no point where nothing was. */
  readonly late: readonly Point[];
  /** Answers in the stretch, errors among them. */
  readonly answered: number;
  /** Answers a second over as much of the stretch as has passed. */
  readonly perSecond: number;
  /** In µs; null where nothing was answered. */
  readonly p50: number | null;
  readonly p95: number | null;
  /** Requests that wait for an answer. */
  readonly waiting: number;
  /** How often which SQLSTATE came in the stretch, the most frequent first. 08006 where the connection ended. */
  readonly errors: readonly (readonly [sqlstate: string, count: number])[];
}

/** About so many bins lie in a stretch. */
const BINS = 12;
const STEPS = [1, 2, 5];

export function crowdsOf(populations: readonly PopulationView[]): readonly Crowd[] {
  const crowds = new Map<string, { name: string; node: string; clients: string[] }>();
  for (const { name, node, clients } of populations) {
    const stem = name.replace(/\d+$/, '');
    const crowd = crowds.get(`${node} ${stem}`);
    if (crowd) crowd.clients.push(...clients);
    else crowds.set(`${node} ${stem}`, { name: stem, node, clients: [...clients] });
  }
  return [...crowds.values()];
}

/** Each statement is looked at once: many thousands are no matter. */
export function loadsOf(
  populations: readonly PopulationView[],
  statements: readonly StatementView[],
  stretch: Stretch,
  now: number,
): readonly Load[] {
  const crowds = crowdsOf(populations);
  const tallies = crowds.map(() => new Tally(stretch, now));
  const tallyOf = new Map(
    crowds.flatMap(({ node, clients }, i) =>
      clients.map((client) => [`${node} ${client}`, tallies[i]] as const),
    ),
  );
  for (const statement of statements)
    tallyOf.get(`${statement.node} ${statement.session}`)?.add(statement);
  return crowds.map((crowd, i) => ({ ...crowd, ...(tallies[i] as Tally).result() }));
}

/** The length of a bin in µs: 1, 2 or 5 times a power of ten. */
export function binOf({ from, to }: Stretch): number {
  const least = Math.max(1, (to - from) / BINS);
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (STEPS.find((step) => step * power >= least) ?? 10);
}

class Tally {
  readonly #stretch: Stretch;
  readonly #end: number;
  readonly #bin: number;
  readonly #bins = new Map<number, number[]>();
  readonly #errors = new Map<string, number>();
  #waiting = 0;

  constructor(stretch: Stretch, now: number) {
    this.#stretch = stretch;
    this.#end = Math.min(stretch.to, now);
    this.#bin = binOf(stretch);
  }

  add({ sentAt, answeredAt, state, error }: StatementView): void {
    if (answeredAt === null) this.#waiting++;
    if (answeredAt === null || answeredAt < this.#stretch.from || answeredAt > this.#end) return;
    const number = Math.floor(answeredAt / this.#bin);
    const lengths = this.#bins.get(number);
    if (lengths) lengths.push(answeredAt - sentAt);
    else this.#bins.set(number, [answeredAt - sentAt]);
    if (state === 'done') return;
    const sqlstate = error?.sqlstate ?? '08006';
    this.#errors.set(sqlstate, (this.#errors.get(sqlstate) ?? 0) + 1);
  }

  result(): Omit<Load, keyof Crowd> {
    const all = [...this.#bins.values()].flat().sort((a, b) => a - b);
    const passed = this.#end - this.#stretch.from;
    const { rate, late } = this.#curves();
    return {
      rate,
      late,
      answered: all.length,
      perSecond: passed > 0 ? (all.length * 1e6) / passed : 0,
      p50: quantile(all, 0.5),
      p95: quantile(all, 0.95),
      waiting: this.#waiting,
      errors: [...this.#errors].sort(([, one], [, other]) => other - one),
    };
  }

  /** Of whole bins only: one that has just begun would look like a fall. */
  #curves(): Pick<Load, 'rate' | 'late'> {
    const rate: Point[] = [];
    const late: Point[] = [];
    const first = Math.ceil(this.#stretch.from / this.#bin);
    for (let number = first; (number + 1) * this.#bin <= this.#end; number++) {
      const lengths = (this.#bins.get(number) ?? []).sort((a, b) => a - b);
      const at = (number + 0.5) * this.#bin;
      rate.push({ at, value: (lengths.length * 1e6) / this.#bin });
      const value = quantile(lengths, 0.95);
      if (value !== null) late.push({ at, value });
    }
    return { rate, late };
  }
}

/** The value that a share of the sorted values does not exceed (nearest rank); null where there is none. */
export const quantile = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
