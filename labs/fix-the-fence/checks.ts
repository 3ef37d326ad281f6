import type { Evidence } from '../../src/grading/evidence.ts';
import { fail, type Judge, pass } from '../../src/grading/verdict.ts';
import { toMs } from '../../src/sim/instant.ts';
import {
  BACK_WITHIN,
  type FencePlan,
  type FenceProof,
  proveFence,
} from '../../src/soak/prove-fence.ts';
import { AS_IT_WAS } from './lab.ts';

/** So many schedules a seed; the first seed has the incident besides. */
const SCHEDULES = 4;

interface Tried {
  readonly chosen: Readonly<Record<keyof typeof AS_IT_WAS, string>>;
  readonly proofs: readonly FenceProof[];
}

const known = new WeakMap<Evidence, Tried>();

/** What the learner has chosen, and what came of it on the schedules of this run's seed. */
function tried(evidence: Evidence): Tried {
  const before = known.get(evidence);
  if (before) return before;
  const chosen: Record<keyof typeof AS_IT_WAS, string> = { ...AS_IT_WAS };
  for (const { id, text } of evidence.answers)
    if (id in chosen && text !== '') chosen[id as keyof typeof AS_IT_WAS] = text;
  const plan: FencePlan = {
    watchdog: chosen.mode === 'required' ? 'required' : 'automatic',
    hasDevice: chosen.device === 'softdog',
    synchronousMode: chosen.synchronous === 'on' ? 'on' : 'off',
    onRoleChange: chosen.callback === 'script',
    prePromote:
      chosen['pre-promote'] === 'none'
        ? null
        : chosen['pre-promote'] === 'file'
          ? 'the file'
          : 'who led last',
  };
  const last = evidence.seed * SCHEDULES;
  const numbers = Array.from({ length: SCHEDULES }, (_, i) => last - SCHEDULES + 1 + i);
  const proofs = (evidence.seed === 1 ? [0, ...numbers] : numbers).map((number) =>
    proveFence(plan, number),
  );
  const found = { chosen, proofs };
  known.set(evidence, found);
  return found;
}

const named = ({ number, schedule }: FenceProof): string =>
  `Schedule ${number} (${schedule.words})`;

const onePrimary: Judge = (evidence) => {
  const { chosen, proofs } = tried(evidence);
  for (const proof of proofs)
    if (proof.two)
      return fail(
        evidence.takenOverAt,
        `${named(proof)}: ${proof.two.words} ${whyTwo(chosen, proof)}`,
      );
  return pass(`One node at a time took writes (${proofs.length} schedules).`);
};

function whyTwo(chosen: Tried['chosen'], { schedule, stopped }: FenceProof): string {
  if (chosen['pre-promote'] === 'file')
    return `The file still names node1, and the script has stopped that machine ${stopped.length} times, whoever led before the promotion. A fence has to ask who led last.`;
  if (chosen.device === 'softdog' && schedule.withoutWatchdog !== null)
    return `${schedule.withoutWatchdog} has no watchdog device, and leads all the same where the mode is automatic. That the activation failed is logged at DEBUG.`;
  if (chosen.callback === 'script')
    return 'on_role_change runs when the promotion has been ordered: nobody waits for the script, and its exit status changes nothing. The old machine went off 40 seconds later.';
  if (chosen.synchronous === 'on')
    return 'The old primary waits for a standby that has gone, so that it acknowledges nothing. But it still takes writes: they are in its WAL and hold their locks, and its readers are told what was true a while ago. Data is safe with it, and it is no fence.';
  if (chosen.timeout === '10')
    return 'pg_ctl_timeout ends no server, and no stop was waited for: a Patroni that does not work orders none.';
  return 'Nothing stopped the old one: its Patroni did not work, and no watchdog missed it.';
}

const backInTime: Judge = (evidence) => {
  const { proofs } = tried(evidence);
  const bound = toMs(BACK_WITHIN) / 1000;
  for (const proof of proofs) {
    if (proof.silence <= BACK_WITHIN) continue;
    const silent = `${named(proof)}: no write was acknowledged for ${(toMs(proof.silence) / 1000).toFixed(0)} s; it may be ${bound} s.`;
    const refused = proof.history.lines.find(({ text }) => text.includes('requires watchdog'));
    return fail(
      evidence.takenOverAt,
      refused
        ? `${silent} "${refused.text}" Where the device is on no machine, no node becomes leader.`
        : silent,
    );
  }
  return pass(`Writes were back within ${bound} s (${proofs.length} schedules).`);
};

export const judges = {
  'one-primary': onePrimary,
  'back-in-time': backInTime,
} satisfies Record<string, Judge>;
