import type { Operation } from '../../grading/operation.ts';

/** An operation as a bar: left and width in parts of the whole, 0 to 1. */
export interface Bar {
  readonly operation: Operation;
  readonly left: number;
  readonly width: number;
  /** On which side its value stands, where it is one of those that the verdict names; else null. */
  readonly labelled: 'before' | 'behind' | null;
}

export interface Lane {
  readonly client: string;
  readonly node: string;
  readonly bars: readonly Bar[];
}

/** What a drawing of a history shows: a window of time, and a lane for each client that did something in it. */
export interface Lanes {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly Lane[];
}

/** Bars that begin further right have no room for a value behind them. */
const NEAR_THE_END = 0.9;

/** Time shown before the first and behind the last operation that is named. */
const MARGIN_US = 250_000;

/** The stretch of a history around the operations that are named; null where none is. */
export function lanesAround(
  history: readonly Operation[],
  named: readonly Operation[],
): Lanes | null {
  const [first] = named;
  if (!first) return null;
  const same = (one: Operation, other: Operation) =>
    one.client === other.client && one.invokedAt === other.invokedAt;
  const ends = named.map(({ invokedAt, answeredAt }) => answeredAt ?? invokedAt);
  const from = Math.max(0, Math.min(...named.map(({ invokedAt }) => invokedAt)) - MARGIN_US);
  const to = Math.max(...ends) + MARGIN_US;
  const shown = history.filter(
    ({ invokedAt, answeredAt, outcome }) =>
      outcome !== 'fail' && invokedAt <= to && (answeredAt ?? to) >= from,
  );
  const lanes = [...Map.groupBy(shown, ({ client }) => client)].map(([client, operations]) => ({
    client,
    node: operations[0]?.node ?? '',
    bars: operations.map((operation): Bar => {
      const isNamed = named.some((one) => same(one, operation));
      const firstNamed = operations.find((one) => named.some((other) => same(one, other)));
      const start = Math.max(from, operation.invokedAt);
      const end = Math.min(to, operation.answeredAt ?? to);
      const left = (start - from) / (to - from);
      // Two that stand close have their values on either side.
      const side = operation === firstNamed || left > NEAR_THE_END ? 'before' : 'behind';
      return {
        operation,
        left,
        width: (end - start) / (to - from),
        labelled: isNamed ? side : null,
      };
    }),
  }));
  return { from, to, lanes };
}
