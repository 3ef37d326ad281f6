/** Commit latency and lag over time, from what happened: the same for a run that is played and for one rebuilt. */
import type { StatementView, TraceEvent } from '../../cluster/cluster-view.ts';
import { parseLsn } from '../../postgres/lsn.ts';
import type { Duration, Instant } from '../../sim/instant.ts';

export interface Point {
  readonly at: number;
  readonly value: number;
}

/** A commit that was answered, and how long its client waited. */
export function commitLatencies(statements: readonly StatementView[]): readonly Point[] {
  return statements.flatMap((statement) => {
    const { sentAt, answeredAt } = statement;
    if (answeredAt === null || !commits(statement)) return [];
    return [{ at: answeredAt, value: answeredAt - sentAt }];
  });
}

const WRITES = /^(INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|COPY)\b/;

/** Whether a string has ended a transaction that may have written; a block's single statements have not. */
function commits({ state, results, sentIn }: StatementView): boolean {
  if (state !== 'done') return false;
  const tags = results.map(({ command }) => command);
  if (tags.some((tag) => /^COMMIT\b/.test(tag))) return true;
  const opens = tags.some((tag) => /^(BEGIN|START TRANSACTION)\b/.test(tag));
  return sentIn === 'idle' && !opens && tags.some((tag) => WRITES.test(tag));
}

export interface Lag {
  readonly standby: string;
  /** WAL that the primary has flushed and the standby has not replayed. */
  readonly bytes: readonly Point[];
  /** How long ago the primary flushed the first byte of that. */
  readonly time: readonly Point[];
}

interface Progress {
  /** Of the primary: what it flushed, when, as far as this standby has not replayed it. */
  readonly ahead: { readonly lsn: number; readonly at: number }[];
  replayed: number;
  readonly bytes: Point[];
  readonly time: Point[];
}

/** The lag of every standby, up to an instant. A step at each change; between two the time of a lag runs on. */
export function lagsOf(
  events: readonly TraceEvent[],
  primary: string,
  standbys: readonly string[],
  until: Instant,
): readonly Lag[] {
  // At the run's first instant every standby has replayed all there is: what is sent first starts there.
  const start = events.find(({ kind }) => kind === 'walSent')?.facts.startLsn;
  const level = start === undefined ? 0 : Number(parseLsn(String(start)));
  let flushed = level;
  const all = new Map(
    standbys.map((name): [string, Progress] => [
      name,
      { ahead: [], replayed: level, bytes: [], time: [] },
    ]),
  );
  for (const { at, kind, node, facts } of events) {
    if (at > until) break;
    if (kind !== 'walFlushed' && kind !== 'walReplayed') continue;
    const lsn = Number(parseLsn(String(facts.lsn)));
    if (kind === 'walFlushed' && node === primary) {
      flushed = lsn;
      for (const progress of all.values()) {
        note(progress, at, flushed);
        if (lsn > progress.replayed) progress.ahead.push({ lsn, at });
        note(progress, at, flushed);
      }
    } else if (kind === 'walReplayed' && node !== null) {
      const progress = all.get(node);
      if (!progress) continue;
      note(progress, at, flushed);
      progress.replayed = lsn;
      while ((progress.ahead[0]?.lsn ?? Number.POSITIVE_INFINITY) <= lsn) progress.ahead.shift();
      note(progress, at, flushed);
    }
  }
  for (const progress of all.values()) note(progress, until, flushed);
  return [...all].map(([standby, { bytes, time }]) => ({ standby, bytes, time }));
}

function note({ ahead, replayed, bytes, time }: Progress, at: number, flushed: number): void {
  const first = ahead[0];
  bytes.push({ at, value: first ? Math.max(0, flushed - replayed) : 0 });
  time.push({ at, value: first ? at - first.at : 0 });
}

/** What the newest point says; null where there is none. */
export const latest = (points: readonly Point[]): number | null => points.at(-1)?.value ?? null;

/** The middle of some lengths of time. */
export function median(points: readonly Point[]): Duration | null {
  const sorted = points.map(({ value }) => value).sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] ?? null) as Duration | null;
}
