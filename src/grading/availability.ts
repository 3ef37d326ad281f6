import { between, type Duration, type Instant } from '../sim/instant.ts';
import type { Operation } from './operation.ts';

/** How a group of clients was served in a span of time. */
export interface Service {
  readonly group: string;
  /** Operations that it began in the span. */
  readonly asked: number;
  /** Answered, and without an error, before their client’s patience was over. */
  readonly served: number;
  /** Told an error. */
  readonly refused: number;
  /** Answered too late, or never. */
  readonly late: number;
  /** Of those answered without an error, whenever; null where there are none. */
  readonly median: Duration | null;
  /** The 99th percentile, by the nearest rank. */
  readonly p99: Duration | null;
  /** The longest that anyone stood, up to the end of the span; null where nobody asked. */
  readonly longest: Duration | null;
}

/** A span of a run: from its start, and up to its end. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** How each group of clients was served in a span, in the order in which groups first asked for something. */
export function serviceIn(
  history: readonly Operation[],
  { from, to }: Span,
  patience: Duration,
): readonly Service[] {
  const groups = Map.groupBy(history, ({ group }) => group);
  return [...groups].map(([group, all]) => {
    const asked = all.filter(({ invokedAt }) => invokedAt >= from && invokedAt < to);
    const done = asked.filter(({ outcome }) => outcome === 'ok');
    const times = done
      .map(({ invokedAt, answeredAt }) => between(invokedAt, answeredAt ?? to))
      .toSorted((one, other) => one - other);
    const inTime = times.filter((time) => time <= patience).length;
    const refused = asked.filter(({ outcome }) => outcome === 'fail').length;
    // Whoever began before the span and still stands in it is held up by what happens in it, too.
    const stood = all
      .filter(({ invokedAt, answeredAt }) => invokedAt < to && (answeredAt ?? to) >= from)
      .map(({ invokedAt, answeredAt }) =>
        between(later(invokedAt, from), earlier(answeredAt ?? to, to)),
      );
    return {
      group,
      asked: asked.length,
      served: inTime,
      refused,
      late: asked.length - inTime - refused,
      median: rank(times, 0.5),
      p99: rank(times, 0.99),
      longest: stood.length === 0 ? null : (Math.max(...stood) as Duration),
    };
  });
}

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);

const rank = (sorted: readonly Duration[], share: number): Duration | null =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
