/** Who was a primary when: read from what a run records. */
import type { Evidence } from '../../src/grading/evidence.ts';
import type { Request } from '../../src/grading/history.ts';
import { type Lsn, parseLsn } from '../../src/postgres/lsn.ts';
import { after, type Instant, seconds } from '../../src/sim/instant.ts';
import { SPARE } from './lab.ts';

/** A node takes writes from one moment to another. */
export interface Reign {
  readonly node: string;
  readonly from: Instant;
  /** Null while it lasts. */
  readonly to: Instant | null;
  /** `started`: nobody promoted it; it was a primary before, and came up as one. */
  readonly by: 'begun' | 'promoted' | 'started';
  /** Where it left the timeline before; null where it did not. */
  readonly forkedAt: Lsn | null;
}

const ENDS = ['stopped', 'killed', 'poweredOff', 'panicked', 'restoreBegun', 'baseBackupBegun'];

/** All reigns of the cafe's servers, in order of their beginning. What runs on the spare machine is none of theirs. */
export function reignsOf({ trace }: Evidence): readonly Reign[] {
  const reigns: Reign[] = [
    { node: 'primary', from: 0 as Instant, to: null, by: 'begun', forkedAt: null },
  ];
  for (const { kind, node, at, facts } of trace) {
    if (node === null || node === SPARE) continue;
    const open = reigns.findIndex((reign) => reign.node === node && reign.to === null);
    const begin = (by: Reign['by'], forkedAt: Lsn | null) =>
      reigns.push({ node, from: at, to: null, by, forkedAt });
    if (ENDS.includes(kind) && open >= 0) reigns[open] = { ...(reigns[open] as Reign), to: at };
    else if (kind === 'promoted') begin('promoted', parseLsn(String(facts.lsn)));
    else if (kind === 'started' && open < 0) {
      // A standby asks for WAL as soon as it has started.
      const asks = trace.some(
        (one) => one.kind === 'walreceiverStarted' && one.node === node && one.at === at,
      );
      if (!asks) begin('started', null);
    }
  }
  return reigns;
}

/** The moments of the night, of this run. */
export const momentOf =
  ({ takenOverAt }: Evidence) =>
  (after_: number): Instant =>
    after(takenOverAt, seconds(after_));

/** How far a node's disk had come by an instant. */
export const flushedUpTo = ({ trace }: Evidence, node: string, by: Instant): number =>
  furthest(trace, 'walFlushed', node, by);

/** How far a node had replayed by an instant. */
export const replayedUpTo = ({ trace }: Evidence, node: string, by: Instant): number =>
  furthest(trace, 'walReplayed', node, by);

const furthest = (trace: Evidence['trace'], what: string, node: string, by: Instant): number =>
  trace.reduce(
    (most, { kind, node: whose, at, facts }) =>
      kind === what && whose === node && at <= by
        ? Math.max(most, parseLsn(String(facts.lsn)))
        : most,
    0,
  );

/** Payments that a customer was told are paid. */
export type Paid = Request & { readonly answeredAt: Instant };
export const paidOf = ({ requests }: Evidence): readonly Paid[] =>
  requests.filter((one): one is Paid => one.outcome === 'acknowledged' && one.answeredAt !== null);

/** The longest stretch between two instants in which nobody was told that a payment is paid. */
export function longestAway(
  evidence: Evidence,
  from: Instant,
  to: Instant,
): { readonly from: Instant; readonly length: number } {
  const answers = paidOf(evidence)
    .map(({ answeredAt }) => answeredAt)
    .filter((at) => at > from && at < to)
    .toSorted((one, other) => one - other);
  const marks = [from, ...answers, to];
  return marks.slice(1).reduce(
    (longest, mark, i) => {
      const begun = marks[i] as Instant;
      return mark - begun > longest.length ? { from: begun, length: mark - begun } : longest;
    },
    { from, length: 0 },
  );
}
