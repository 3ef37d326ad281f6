/** What the time line marks: what the learner did, and what is worth going back to. */
import type { TraceEvent } from '../../cluster/cluster-view.ts';
import type { RecordedAction } from '../../session/protocol.ts';
import type { Instant } from '../../sim/instant.ts';

export interface Tick {
  readonly at: Instant;
  readonly kind: 'statement' | 'fault' | 'event';
  readonly words: string;
}

/** Events that change how a cluster stands. What travels, and what a disk does, is too much for a line. */
const NOTABLE: ReadonlySet<string> = new Set([
  'killed',
  'poweredOff',
  'starting',
  'started',
  'commitWaits',
  'caughtUp',
  'walsenderEnded',
  'walreceiverEnded',
  'synchronousStandby',
  'replayPaused',
  'sessionEnded',
  'lockWait',
  'reload',
]);

export function ticksOf(
  actions: readonly RecordedAction[],
  events: readonly TraceEvent[],
): readonly Tick[] {
  const done = actions.map(({ at, action }): Tick => {
    const isStatement = action.kind === 'sql' || action.kind === 'answer';
    return { at, kind: isStatement ? 'statement' : 'fault', words: `You: ${action.kind}` };
  });
  const notable = events
    .filter(({ kind }) => NOTABLE.has(kind))
    .map(({ at, words }): Tick => ({ at, kind: 'event', words }));
  return [...notable, ...done];
}

/** Of ticks that would stand on each other, the last one: what the learner did before what happened. */
export function apart(
  ticks: readonly Tick[],
  x: (at: Instant) => number,
  leastGap: number,
): readonly Tick[] {
  const byPlace = new Map<string, Tick>();
  for (const tick of ticks) {
    byPlace.set(`${tick.kind === 'event'} ${Math.round(x(tick.at) / leastGap)}`, tick);
  }
  return [...byPlace.values()];
}

/** The last instant before another one at which something happened; null where there is none. */
export function stepBefore(events: readonly TraceEvent[], at: Instant): Instant | null {
  return events.findLast((event) => event.at < at)?.at ?? null;
}
