import { describeAction } from '../../src/cluster/words.ts';
import type { Evidence } from '../../src/grading/evidence.ts';
import { flushedBy } from '../../src/grading/flushed-by.ts';
import type { Request } from '../../src/grading/history.ts';
import { lagOf } from '../../src/grading/lag.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { keptWal } from '../../src/grading/wal-kept.ts';
import { after, type Instant, seconds } from '../../src/sim/instant.ts';
import { PAGES, ROOM_MB, VOLUME_MB } from './lab.ts';

const MINUTE = seconds(60);
/** A payment that has waited so long does not move. */
const STUCK = seconds(10);
const MB = 1_048_576;
const MOST_LAG = seconds(5);
/** A standby on whose disk all is that it needs to be promoted. */
const HEIR = 'standby2';

const paged = ({ takenOverAt }: Evidence, page: keyof typeof PAGES): Instant =>
  after(takenOverAt, seconds(PAGES[page]));
const isTill = ({ client }: Request): boolean => client.startsWith('till');
const inMegabytes = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`;

const paymentsMove: Judge = (evidence) => {
  const { requests, drilledAt } = evidence;
  const deadline = after(paged(evidence, 'payments'), MINUTE);
  const payments = requests.filter((one) => isTill(one) && one.sentAt > evidence.takenOverAt);
  const cutOff = payments.find(({ outcome }) => outcome === 'lost');
  if (cutOff?.answeredAt)
    return fail(
      cutOff.answeredAt,
      `The connection of ${cutOff.client} ended at ${clock(cutOff.answeredAt)}, and its customer does not know whether payment ${cutOff.key} is paid.`,
    );
  const stuck = payments.find((one) => {
    const due = after(one.sentAt > deadline ? one.sentAt : deadline, STUCK);
    return due <= drilledAt && (one.answeredAt === null || one.answeredAt > due);
  });
  if (stuck)
    return fail(
      deadline > stuck.sentAt ? deadline : stuck.sentAt,
      `Payment ${stuck.key}, sent at ${clock(stuck.sentAt)}, was not confirmed by ${clock(after(stuck.sentAt > deadline ? stuck.sentAt : deadline, STUCK))}: those who are named have not answered.`,
    );
  if (!payments.some(({ sentAt }) => sentAt > deadline))
    return inconclusive(deadline, `Nobody paid after ${clock(deadline)}.`);
  return pass(`All payments were confirmed from ${clock(deadline)} on.`);
};

const nothingLost: Judge = (evidence) => {
  const { requests, trace, takenOverAt, names } = evidence;
  const from = paged(evidence, 'payments');
  const told = requests.flatMap((request) => {
    const { answeredAt: at, outcome } = request;
    return isTill(request) && outcome === 'acknowledged' && at !== null && at >= from
      ? [{ request, at }]
      : [];
  });
  const lost = told.find(
    ({ request: { lsn }, at }) => lsn === null || !flushedBy(trace, lsn, at).includes(HEIR),
  );
  if (!lost)
    return told.length === 0
      ? inconclusive(takenOverAt, 'No customer was told anything after the page.')
      : pass(`Each of ${told.length} payments was on ${HEIR}'s disk when its customer was told.`);
  const { request, at } = lost;
  const inForce = names.findLast((one) => one.at <= at)?.names ?? '';
  const why = request.cutShort
    ? 'Its wait was cancelled. A cancelled wait acknowledges.'
    : inForce.trim() === ''
      ? 'Nobody was asked: the list of names was empty.'
      : `The names were "${inForce}", and its level asked none of them.`;
  return fail(
    at,
    `Payment ${request.key} was acknowledged at ${clock(at)} and was on no other disk than the primary's. ${why}`,
  );
};

const diskHasRoom: Judge = (evidence) => {
  const { trace, drilledAt } = evidence;
  const deadline = after(paged(evidence, 'disk'), MINUTE);
  const kept = keptWal(trace, 'primary');
  const full = trace.find(({ kind, node }) => kind === 'panicked' && node === 'primary');
  if (full)
    return fail(
      full.at,
      `At ${clock(full.at)} the volume of ${VOLUME_MB} MB was full, and primary went down with a PANIC: ${asks(evidence, full.at)}.`,
    );
  const late = kept.findLast(({ at }) => at <= deadline);
  const worst = [...(late ? [{ ...late, at: deadline }] : []), ...kept].find(
    ({ at, bytes }) => at >= deadline && at <= drilledAt && bytes >= ROOM_MB * MB,
  );
  return worst
    ? fail(
        worst.at,
        `At ${clock(worst.at)} pg_wal held ${inMegabytes(worst.bytes)}: ${asks(evidence, worst.at)}.`,
      )
    : pass(`From ${clock(deadline)} on pg_wal held less than ${ROOM_MB} MB.`);
};

/** Who keeps the WAL, as far as the run tells. */
function asks({ deeds, trace }: Evidence, at: Instant): string {
  const letGo =
    trace.some(
      ({ kind, facts, at: then }) =>
        kind === 'slotInvalidated' && facts.slot === 'standby1' && then <= at,
    ) ||
    deeds.some(
      ({ action, at: then }) =>
        action.kind === 'sql' && /drop_replication_slot/i.test(action.sql) && then <= at,
    );
  return letGo
    ? 'what no slot asks for is removed at the next checkpoint, and none had come'
    : 'the slot standby1 still asks for it, though nobody will ever come for it';
}

const boardIsFresh: Judge = (evidence) => {
  const { trace, drilledAt, deeds } = evidence;
  const deadline = after(paged(evidence, 'menu'), MINUTE);
  const lagAt = lagOf(trace, 'primary', HEIR);
  for (let at = deadline; at <= drilledAt; at = after(at, seconds(1))) {
    if (lagAt(at) <= MOST_LAG) continue;
    const tried = deeds.flatMap(({ action }) => (action.kind === 'sql' ? [action.sql] : [])).join();
    const why = /max_standby_streaming_delay/i.test(tried)
      ? 'The startup process waits for a session that holds an old snapshot; a new delay is read when replay goes on.'
      : /hot_standby_feedback/i.test(tried)
        ? 'The startup process waits for a session that holds an old snapshot. The rows are gone on the primary: feedback speaks for VACUUMs to come.'
        : 'The startup process waits for a session that holds an old snapshot.';
    return fail(
      at,
      `At ${clock(at)} ${HEIR} had not replayed WAL that had been on the primary's disk for ${Math.round(lagAt(at) / seconds(1))} seconds. ${why}`,
    );
  }
  return pass(`From ${clock(deadline)} on ${HEIR} was never more than 5 seconds behind.`);
};

const RESTARTS = ['kill', 'powerOff', 'start'];
const CLIENTS = ['till1', 'till2', 'till3', 'import', 'board'];

const noRestart: Judge = ({ deeds, requests, takenOverAt }) => {
  const deed = deeds.find(({ action, refused }) => !refused && RESTARTS.includes(action.kind));
  if (deed)
    return fail(
      deed.at,
      `At ${clock(deed.at)} something was restarted: ${describeAction(deed.action)} Whoever was connected to it got no answer.`,
    );
  const away = requests.find(
    ({ client, outcome, answeredAt }) =>
      CLIENTS.includes(client) &&
      outcome === 'lost' &&
      answeredAt !== null &&
      answeredAt >= takenOverAt,
  );
  return away?.answeredAt
    ? fail(
        away.answeredAt,
        `At ${clock(away.answeredAt)} the connection of ${away.client} ended: it had done nothing.`,
      )
    : pass('Nothing was restarted, and no client lost its connection.');
};

export const judges = {
  'payments-move': paymentsMove,
  'nothing-lost': nothingLost,
  'disk-has-room': diskHasRoom,
  'board-is-fresh': boardIsFresh,
  'no-restart': noRestart,
};
