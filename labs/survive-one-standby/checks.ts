import type { Evidence, RoundRecord } from '../../src/grading/evidence.ts';
import { flushedBy } from '../../src/grading/flushed-by.ts';
import type { Request } from '../../src/grading/history.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { seconds } from '../../src/sim/instant.ts';

const PATIENCE = seconds(2);

interface Stall {
  readonly round: RoundRecord;
  readonly request: Request;
}

/** The first payment that was not taken in time while the round's trouble lasted. */
function stallOf(round: RoundRecord, requests: readonly Request[]): Stall | null {
  const request = requests.find(
    ({ sentAt, answeredAt, outcome }) =>
      sentAt >= round.from &&
      sentAt + PATIENCE <= round.to &&
      (outcome !== 'acknowledged' || (answeredAt ?? sentAt) > sentAt + PATIENCE),
  );
  return request ? { round, request } : null;
}

function fateOf({ outcome, answeredAt }: Request): string {
  if (answeredAt === null) return 'was never answered';
  if (outcome === 'failed') return `failed at ${clock(answeredAt)}`;
  if (outcome === 'lost') return `lost its connection at ${clock(answeredAt)}`;
  return `was answered at ${clock(answeredAt)}, after that was over`;
}

/** Why payments stand still, told by which troubles of which standbys made them. */
function reason(stalls: readonly Stall[], rounds: readonly RoundRecord[]): string {
  if (stalls.some(({ request }) => request.outcome === 'failed' || request.outcome === 'lost'))
    return 'The primary itself did not take it.';
  const standbys = new Set(stalls.map(({ round }) => round.facts.standby));
  const all = new Set(rounds.map(({ facts }) => facts.standby));
  const list = [...standbys].join(' and ');
  if (!stalls.some(({ round }) => round.facts.ailment === 'stopped'))
    return `A standby that is stopped drops out at once and the next takes over; one that is frozen or cut off keeps its place on the list until wal_sender_timeout. This is so for ${list}.`;
  if (standbys.size === all.size)
    return 'It is the same with each standby: every one of them must answer.';
  return `Nobody takes over: only ${list} may answer.`;
}

const paymentsGoOn: Judge = ({ rounds, requests }) => {
  const troubles = rounds.filter(({ facts }) => facts.ailment !== undefined);
  const idle = troubles.find(
    ({ from, to }) => !requests.some(({ sentAt }) => sentAt >= from && sentAt + PATIENCE <= to),
  );
  const stalls = troubles.flatMap((round) => stallOf(round, requests) ?? []);
  const [stall] = stalls;
  if (stall) {
    const { round, request } = stall;
    return fail(
      request.sentAt,
      `Payment ${request.key} was sent at ${clock(request.sentAt)}, while ${round.name}, and ${fateOf(request)}. ${reason(stalls, troubles)}`,
    );
  }
  if (idle)
    return inconclusive(idle.from, `Nobody paid while ${idle.name}, at ${clock(idle.from)}.`);
  return pass(
    `Every payment was answered within 2 s in ${troubles.length} troubles of one standby.`,
  );
};

/** The first payment that a customer was told is paid, and that the fire's survivor has not. */
function lossOf({ fire }: RoundRecord, requests: readonly Request[]): Request | null {
  if (fire === null || fire.keys === null) return null;
  const { at, keys } = fire;
  const lost = ({ outcome, answeredAt, key }: Request) =>
    outcome === 'acknowledged' && answeredAt !== null && answeredAt <= at && !keys.has(key);
  return requests.find(lost) ?? null;
}

function holders(request: Request, { trace }: Evidence): readonly string[] {
  if (request.lsn === null || request.answeredAt === null) return [];
  return flushedBy(trace, request.lsn, request.answeredAt).filter((node) => node !== 'primary');
}

const nothingLost: Judge = (evidence) => {
  const { rounds, requests } = evidence;
  const fires = rounds.filter(({ fire }) => fire !== null);
  const losses = fires.flatMap((round) => {
    const request = lossOf(round, requests);
    return request ? [{ round, request }] : [];
  });
  const [loss] = losses;
  if (loss) {
    const { round, request } = loss;
    const holding = holders(request, evidence);
    const who =
      holding.length === 0
        ? 'No standby had it on its disk then: nobody was asked.'
        : losses.length === fires.length
          ? `One standby had it on its disk then, whichever answered first (here ${holding.join(', ')}), and that one burned.`
          : `Of the standbys, ${holding.join(', ')} alone had it on its disk then, and burned.`;
    return fail(
      request.answeredAt ?? request.sentAt,
      `Payment ${request.key} was acknowledged at ${clock(request.answeredAt ?? request.sentAt)}. Then ${round.name}; ${round.fire?.survivor} is the furthest ahead of what is left, and does not have it. ${who}`,
    );
  }
  const unread = fires.find(({ fire }) => fire?.keys === null);
  if (unread?.fire)
    return inconclusive(
      unread.fire.at,
      `When ${unread.name}, at ${clock(unread.fire.at)}, ${unread.fire.survivor} could not be read.`,
    );
  return pass(
    `Every acknowledged payment outlived ${fires.length} fires of the primary and a standby.`,
  );
};

export const judges = { 'payments-go-on': paymentsGoOn, 'nothing-lost': nothingLost };
