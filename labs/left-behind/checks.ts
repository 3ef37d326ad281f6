import type { TraceEvent } from '../../src/cluster/cluster-view.ts';
import { describeAction } from '../../src/cluster/words.ts';
import type { Deed, Evidence } from '../../src/grading/evidence.ts';
import { flushedBy } from '../../src/grading/flushed-by.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { after, type Instant, seconds } from '../../src/sim/instant.ts';

const WANTED = 'standby2';
const DEADLINE = seconds(90);

/** Since when a standby streams, up to an instant; null where it does not. */
function streamsSince(trace: readonly TraceEvent[], standby: string, at: Instant): Instant | null {
  let since: Instant | null = null;
  for (const event of trace) {
    if (event.at > at) break;
    if (event.facts.standby !== standby) continue;
    if (event.kind === 'caughtUp') since = event.at;
    if (event.kind === 'walsenderEnded') since = null;
  }
  return since;
}

const last = (trace: readonly TraceEvent[], at: Instant, kind: string): TraceEvent | undefined =>
  trace.findLast((event) => event.at <= at && event.kind === kind && event.node === WANTED);

/** What the learner sent that holds these words: for an explanation only, never for a verdict. */
const sent = ({ deeds }: Evidence, words: RegExp): Deed | undefined =>
  deeds.find(({ action }) => action.kind === 'sql' && words.test(action.sql));

/** Why it does not stream, from what it was told last and what it has got. */
function reason(evidence: Evidence, at: Instant): string {
  const { trace, takenOverAt } = evidence;
  const refused = last(trace, at, 'walreceiverFailed')?.words ?? '';
  const restored = trace.some(({ kind, node }) => kind === 'walRestored' && node === WANTED);
  if (/does not exist/.test(refused))
    return 'Its primary_slot_name names a slot that is not there.';
  if (/can no longer access/.test(refused))
    return restored
      ? 'It has what is archived, and still asks for a slot that it cannot have: a lost slot stays lost.'
      : 'It asks for a slot that is lost, and has no other source of the WAL that it lacks.';
  if (!/already been removed/.test(refused)) return `It was told: ${refused}`;
  if (sent(evidence, /restore_command/i))
    return 'Its restore_command was written and never read: a server reads its files at a reload.';
  if (sent(evidence, /wal_keep_size/i))
    return 'The primary keeps what is written from now on; a segment that is removed stays removed.';
  const renewed = trace.some(({ kind, at: when }) => kind === 'sql' && when >= takenOverAt);
  return renewed
    ? 'It has a slot again, and the segment that it asks for is older than anything on the primary.'
    : 'It asks for a segment that the primary has removed.';
}

const back: Judge = (evidence) => {
  const { trace, takenOverAt, requests } = evidence;
  const deadline = after(takenOverAt, DEADLINE);
  const since = streamsSince(trace, WANTED, deadline);
  if (since === null)
    return fail(
      deadline,
      `At ${clock(deadline)} ${WANTED} did not stream. ${reason(evidence, deadline)}`,
    );
  const told = requests.filter(
    ({ outcome, answeredAt, lsn }) =>
      outcome === 'acknowledged' && lsn !== null && answeredAt !== null && answeredAt < deadline,
  );
  if (told.length === 0) return inconclusive(deadline, 'Nobody paid meanwhile.');
  const newest = told.at(-1);
  const when = after(deadline, seconds(1));
  if (newest?.lsn && !flushedBy(trace, newest.lsn, when).includes(WANTED))
    return fail(when, `Payment ${newest.key} had not come to ${WANTED} by ${clock(when)}.`);
  return pass(`${WANTED} has streamed since ${clock(since)}, and has all ${told.length} payments.`);
};

const noCopy: Judge = ({ trace }) => {
  const copied = trace.find(({ kind }) => kind === 'baseBackupBegun');
  return copied
    ? fail(
        copied.at,
        `At ${clock(copied.at)} ${copied.node} was copied anew, with everything that it had already.`,
      )
    : pass('No data directory was thrown away.');
};

const nextTime: Judge = ({ trace, rounds }) => {
  const round = rounds[0];
  if (!round) return inconclusive(0 as Instant, 'There was no next time.');
  const end = after(round.to, seconds(20));
  const since = streamsSince(trace, WANTED, end);
  return since !== null && since > round.from
    ? pass(`Off from ${clock(round.from)} to ${clock(round.to)}, it streamed at ${clock(since)}.`)
    : fail(
        end,
        `${WANTED} was off from ${clock(round.from)} to ${clock(round.to)}, while deliveries were imported. At ${clock(end)} it did not stream: ${last(trace, end, 'walreceiverFailed')?.words ?? 'it had not tried'}.`,
      );
};

const undisturbed: Judge = ({ deeds, trace, takenOverAt, drilledAt }) => {
  const stopped = deeds.find(
    ({ action, refused }) =>
      !refused &&
      ['kill', 'powerOff', 'baseBackup'].includes(action.kind) &&
      'node' in action &&
      action.node !== WANTED,
  );
  if (stopped)
    return fail(
      stopped.at,
      `At ${clock(stopped.at)} a server that was well was stopped: ${describeAction(stopped.action)}`,
    );
  const lost = trace.find(
    ({ kind, at, facts }) =>
      kind === 'walsenderEnded' &&
      facts.standby === 'standby1' &&
      at > takenOverAt &&
      at < drilledAt,
  );
  return lost
    ? fail(lost.at, `At ${clock(lost.at)} standby1 lost its stream: ${lost.words}`)
    : pass('The tills were answered, and standby1 streamed all the time.');
};

export const judges = { back, 'no-copy': noCopy, 'next-time': nextTime, undisturbed };
