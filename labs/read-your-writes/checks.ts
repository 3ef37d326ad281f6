import type { Evidence } from '../../src/grading/evidence.ts';
import type { GuestRead } from '../../src/grading/guest-read.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { parseLsn } from '../../src/postgres/lsn.ts';

/** So many reads at least, for their shares to say something. */
const ENOUGH = 100;
/** A stale read that comes so long after the write was not sent by a router that forgot about it. In µs. */
const A_WHILE = 250_000;
const LONGER = 1.2;

/** What was read in the drill: with the answers that the learner gave. */
const judged = ({ reads, drilledAt }: Evidence): readonly GuestRead[] =>
  reads.filter(({ askedAt }) => askedAt >= drilledAt);

const withEnough =
  (judge: (reads: readonly GuestRead[], evidence: Evidence) => ReturnType<Judge>): Judge =>
  (evidence) => {
    const reads = judged(evidence);
    return reads.length < ENOUGH
      ? inconclusive(evidence.drilledAt, `Only ${reads.length} reads were answered.`)
      : judge(reads, evidence);
  };

const ownReads = withEnough((reads) => {
  const stale = reads.filter(({ missing }) => missing !== null);
  const [first] = stale;
  return first
    ? fail(first.answeredAt, `${what(first)} ${whyStale(first, stale)}`)
    : pass(`All ${reads.length} reads showed what their guests had ordered.`);
});

function what({ guest, node, missing, answeredAt }: GuestRead): string {
  const { key, toldAt } = missing as NonNullable<GuestRead['missing']>;
  return `At ${clock(answeredAt)} ${guest} read on ${node} and missed order ${key}, which she was told is placed at ${clock(toldAt)}.`;
}

/** Why the router let it happen, by what it could know. */
function whyStale(read: GuestRead, all: readonly GuestRead[]): string {
  const { node, wrote, known } = read;
  if (wrote !== null && known !== null) {
    const reached = parseLsn(known) >= parseLsn(wrote);
    if (reached)
      return `Her token ${wrote} was taken before COMMIT: ${node} had replayed ${known}, and the commit record came behind both.`;
    if (known >= wrote)
      return `Her token is ${wrote}, and ${node} was known to have replayed ${known}. That is enough as text, and less as a position.`;
  }
  const soonest = Math.min(...all.map((one) => one.askedAt - (one.wroteAt ?? one.askedAt)));
  if (soonest >= A_WHILE)
    return `That was ${ms(read.askedAt - (read.wroteAt ?? read.askedAt))} after the order: ${node} was further behind than that. No fixed time covers a lag.`;
  return wrote === null
    ? `The app had no token of it, so that nothing could tell that ${node} was behind.`
    : `Her token is ${wrote}, and ${node} was known to have replayed no more than ${known}.`;
}

const monotonic = withEnough((reads) => {
  const back = reads.find(({ backward }) => backward !== null);
  if (!back?.backward) return pass('No read showed less than the one before it.');
  const { from, orders } = back.backward;
  return fail(
    back.answeredAt,
    `At ${clock(back.answeredAt)} ${back.guest} read on ${back.node} and saw ${orders} ${orders === 1 ? 'order' : 'orders'} fewer than before: ${from} was further on than ${back.node} is.`,
  );
});

const share = withEnough((reads, { drilledAt }) => {
  const onStandbys = reads.filter(({ onPrimary }) => !onPrimary).length;
  const of100 = Math.floor((onStandbys / reads.length) * 100);
  if (onStandbys === 0)
    return fail(
      drilledAt,
      `Not one read went to a standby: the primary answered all ${reads.length}, as if there were none.`,
    );
  return of100 >= 50
    ? pass(`${of100} of 100 reads went to standbys.`)
    : fail(drilledAt, `Only ${of100} of 100 reads went to standbys: half of them is the least.`);
});

const latency = withEnough((reads) => {
  const ofPrimary = p95(reads.map(({ took }) => took));
  const total = p95(reads.map(({ took, waited }) => took + waited));
  const numbers = `95 of 100 reads took at most ${ms(total)}; on the primary it is ${ms(ofPrimary)}`;
  const longest = reads.reduce((one, other) => (other.waited > one.waited ? other : one));
  return total <= ofPrimary * LONGER
    ? pass(`${numbers}.`)
    : fail(
        longest.answeredAt,
        `${numbers}. The router let it wait: ${longest.guest} for ${ms(longest.waited)} before her read at ${clock(longest.answeredAt)}.`,
      );
});

const decides: Judge = (evidence) => {
  const fault = judged(evidence).find((read) => read.fault !== null);
  return fault
    ? fail(fault.answeredAt, `At ${clock(fault.askedAt)}, for ${fault.guest}: ${fault.fault}.`)
    : pass('For every read there was a decision.');
};

const p95 = (lengths: readonly number[]): number =>
  lengths.toSorted((a, b) => a - b)[Math.ceil(lengths.length * 0.95) - 1] ?? 0;

const ms = (length: number): string => `${(length / 1_000).toFixed(1)} ms`;

export const judges = {
  'own-reads': ownReads,
  monotonic,
  share,
  latency,
  decides,
};
