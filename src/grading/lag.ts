import type { TraceEvent } from '../cluster/cluster-view.ts';
import { type Lsn, parseLsn } from '../postgres/lsn.ts';
import { after, between, type Duration, type Instant, ms } from '../sim/instant.ts';

/** A time in which something was so, all the while. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

interface Mark {
  readonly at: Instant;
  readonly lsn: Lsn;
}

/** How closely the truth is looked at. */
const STEP = ms(100);

/**
 * When a standby was in trouble, from the trace alone: its primary served no connection of it, or the oldest WAL on the
 * primary's disk that it had not replayed was older than `lag`. No query can know it better.
 */
export function troubleOf(
  trace: readonly TraceEvent[],
  primary: string,
  standby: string,
  lag: Duration,
  end: Instant,
): readonly Span[] {
  const lagAt = lagOf(trace, primary, standby);
  const isConnected = connectionOf(trace, standby);
  const spans: Span[] = [];
  let from: Instant | null = null;
  for (let at = trace[0]?.at ?? end; at <= end; at = after(at, STEP)) {
    const isTrouble = !isConnected(at) || lagAt(at) > lag;
    if (isTrouble) from ??= at;
    else if (from !== null) {
      spans.push({ from, to: at });
      from = null;
    }
  }
  return from === null ? spans : [...spans, { from, to: end }];
}

/**
 * How long the oldest WAL on the primary's disk that the standby had not replayed had been there: 0 where it had replayed
 * all. Instants are to be asked in order.
 */
export function lagOf(
  trace: readonly TraceEvent[],
  primary: string,
  standby: string,
): (at: Instant) => Duration {
  const flushes = marks(trace, 'walFlushed', primary);
  const replays = marks(trace, 'walReplayed', standby);
  let replayed = 0;
  let oldest = 0;
  return (at) => {
    while ((replays[replayed]?.at ?? Number.POSITIVE_INFINITY) <= at) replayed++;
    const replayLsn = replays[replayed - 1]?.lsn ?? 0;
    while ((flushes[oldest]?.lsn ?? Number.POSITIVE_INFINITY) <= replayLsn) oldest++;
    const flush = flushes[oldest];
    return flush && flush.at < at ? between(flush.at, at) : ms(0);
  };
}

/** Whether the primary had a walsender for the standby: as it had when the trace began. Asked in order. */
function connectionOf(trace: readonly TraceEvent[], standby: string): (at: Instant) => boolean {
  const changes = trace.filter(
    ({ kind, facts }) =>
      (kind === 'walsenderStarted' || kind === 'walsenderEnded') && facts.standby === standby,
  );
  let walsenders = 1;
  let next = 0;
  return (at) => {
    for (let change = changes[next]; change && change.at <= at; change = changes[++next])
      walsenders += change.kind === 'walsenderStarted' ? 1 : -1;
    return walsenders > 0;
  };
}

const marks = (trace: readonly TraceEvent[], kind: string, node: string): readonly Mark[] =>
  trace
    .filter((event) => event.kind === kind && event.node === node)
    .map(({ at, facts }) => ({ at, lsn: parseLsn(String(facts.lsn)) }));
