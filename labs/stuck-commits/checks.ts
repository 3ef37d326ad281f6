import { describeAction } from '../../src/cluster/words.ts';
import type { Evidence } from '../../src/grading/evidence.ts';
import { flushedBy } from '../../src/grading/flushed-by.ts';
import type { Request } from '../../src/grading/history.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { after, type Instant, seconds } from '../../src/sim/instant.ts';

const MINUTE = seconds(60);
/** A payment that has waited so long does not move: longer than the cable ever fails. */
const STUCK = seconds(10);

const answeredBy = ({ answeredAt }: Request, at: Instant): boolean =>
  answeredAt !== null && answeredAt <= at;

const paymentsMove: Judge = ({ requests, takenOverAt, drilledAt }) => {
  const deadline = after(takenOverAt, MINUTE);
  const waiting = requests.filter(
    (one) => one.sentAt <= takenOverAt && !answeredBy(one, takenOverAt),
  );
  const cutOff = waiting.find(({ outcome }) => outcome === 'lost');
  if (cutOff?.answeredAt)
    return fail(
      cutOff.answeredAt,
      `Payment ${cutOff.key} had waited since ${clock(cutOff.sentAt)}. At ${clock(cutOff.answeredAt)} its connection ended, and its customer does not know whether it is paid.`,
    );
  const still = waiting.find((one) => !answeredBy(one, deadline));
  if (still) {
    const passedBy = requests.find(
      ({ waitedSince, outcome, sentAt }) =>
        sentAt > takenOverAt && waitedSince === null && outcome === 'acknowledged',
    );
    return fail(
      deadline,
      `Payment ${still.key} has waited since ${clock(still.sentAt)}, and still did at ${clock(deadline)}. ${
        passedBy
          ? `Payment ${passedBy.key}, sent at ${clock(passedBy.sentAt)}, did not wait: its level asks for no standby. That frees nobody who waits already.`
          : 'Nobody who counts has answered.'
      }`,
    );
  }
  const next = requests.find(
    (one) =>
      one.sentAt > takenOverAt &&
      one.sentAt + STUCK <= drilledAt &&
      !answeredBy(one, after(one.sentAt > deadline ? one.sentAt : deadline, STUCK)),
  );
  if (next)
    return fail(
      next.sentAt,
      `Those that waited were let go. Payment ${next.key}, sent at ${clock(next.sentAt)}, stands in the same queue, and waits for the same standby.`,
    );
  if (!requests.some(({ sentAt }) => sentAt > deadline))
    return inconclusive(deadline, `Nobody paid after ${clock(deadline)}.`);
  return pass(
    `All ${waiting.length} that waited were answered within a minute, and so were those that came after.`,
  );
};

/** The names in force at an instant. */
const namesAt = ({ names }: Evidence, at: Instant): string =>
  names.findLast((one) => one.at <= at)?.names ?? '';

function reason(request: Request, at: Instant, evidence: Evidence): string {
  if (request.cutShort) return 'Its wait was cancelled. A cancelled wait acknowledges.';
  if (namesAt(evidence, at).trim() === '') return 'Nobody was asked: the list of names was empty.';
  if (request.waitedSince === null) return 'Nobody was asked: its level waits for no standby.';
  return `Somebody else had answered: the names were "${namesAt(evidence, at)}".`;
}

/**
 * Every acknowledgement is an instant at which standby2 may be promoted: what is on its disk then is all that it would
 * have.
 */
const nothingLost: Judge = (evidence) => {
  const told = evidence.requests.flatMap((request) =>
    request.outcome === 'acknowledged' &&
    request.answeredAt !== null &&
    request.answeredAt >= evidence.takenOverAt
      ? [{ request, at: request.answeredAt }]
      : [],
  );
  const lost = told.find(
    ({ request: { lsn }, at }) =>
      lsn === null || !flushedBy(evidence.trace, lsn, at).includes('standby2'),
  );
  if (lost) {
    const { request, at } = lost;
    return fail(
      at,
      `Payment ${request.key} was acknowledged at ${clock(at)} and was not on standby2's disk then: promoted at that moment, standby2 does not have it. ${reason(request, at, evidence)}`,
    );
  }
  return pass(
    told.length === 0
      ? 'No customer was told anything, so nothing that was told is lost.'
      : `Each of ${told.length} payments was on standby2's disk when its customer was told.`,
  );
};

const RESTARTS = ['kill', 'powerOff', 'start'];

const noRestart: Judge = ({ deeds }) => {
  const deed = deeds.find(({ action, refused }) => !refused && RESTARTS.includes(action.kind));
  return deed
    ? fail(
        deed.at,
        `At ${clock(deed.at)} something was restarted: ${describeAction(deed.action)} Whoever was connected to it got no answer.`,
      )
    : pass('Nothing was stopped or started.');
};

export const judges = {
  'payments-move': paymentsMove,
  'nothing-lost': nothingLost,
  'no-restart': noRestart,
};
