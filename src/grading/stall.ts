import type { Duration, Instant } from '../sim/instant.ts';
import { between } from '../sim/instant.ts';
import type { Deed, Evidence } from './evidence.ts';
import type { Request } from './history.ts';

/** A request that stood longer than it may. */
export interface Stall {
  readonly request: Request;
  readonly length: Duration;
  /** What the learner had sent last before it ended, if anything: mostly what it stood behind. */
  readonly behind: string | null;
}

/** The longest request that was under way after the take-over, of those that took longer than `most`; null where none did. */
export function longestStall(
  { requests, deeds, takenOverAt, trace }: Evidence,
  most: Duration,
): Stall | null {
  const end = trace.at(-1)?.at ?? takenOverAt;
  let longest: Stall | null = null;
  for (const request of requests) {
    const until = request.answeredAt ?? end;
    const length = between(request.sentAt, until);
    if (until <= takenOverAt || length <= most || length <= (longest?.length ?? 0)) continue;
    longest = { request, length, behind: lastSent(deeds, request.sentAt) };
  }
  return longest;
}

function lastSent(deeds: readonly Deed[], before: Instant): string | null {
  const last = deeds.findLast(({ at, action }) => action.kind === 'sql' && at <= before);
  return last?.action.kind === 'sql' ? oneLine(last.action.sql) : null;
}

const MOST = 110;

function oneLine(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length > MOST ? `${line.slice(0, MOST - 1)}…` : line;
}
