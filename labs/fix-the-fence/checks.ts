import type { Evidence } from '../../src/grading/evidence.ts';
import { failOn, type Judge, type Judgement, pass } from '../../src/grading/verdict.ts';
import { toMs } from '../../src/sim/instant.ts';
import { failingSchedule, scheduleInWords, smallestOf } from '../../src/soak/failing-schedule.ts';
import type { FencePlan } from '../../src/soak/fence-run.ts';
import type { Broken } from '../../src/soak/invariants.ts';
import { BACK_WITHIN, type FenceProof, proveFence } from '../../src/soak/prove-fence.ts';
import { AS_IT_WAS } from './lab.ts';

/** So many schedules a seed; the first seed has the incident besides. */
const SCHEDULES = 4;

interface Tried {
  readonly chosen: Readonly<Record<keyof typeof AS_IT_WAS, string>>;
  readonly plan: FencePlan;
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
  const found = { chosen, plan, proofs };
  known.set(evidence, found);
  return found;
}

/** A promise, held to all schedules of the seed. The smallest that breaks it tells how, cut down to what is needed. */
const promise =
  (
    brokenIn: (proof: FenceProof) => Broken | null,
    kept: string,
    why: (chosen: Tried['chosen'], proof: FenceProof) => string,
  ): Judge =>
  (evidence): Judgement => {
    const { chosen, plan, proofs } = tried(evidence);
    const smallest = smallestOf(
      proofs.map((proof) => ({ number: proof.number, proof })),
      brokenIn,
      (number, schedule) => proveFence(plan, number, schedule),
    );
    if (!smallest) return pass(`${kept} (${proofs.length} schedules on this seed.)`);
    const words = [scheduleInWords(smallest), ': ', smallest.broken.words, ' '].join('');
    return failOn(
      failingSchedule({ kind: 'fence', plan }, smallest),
      `${words}${why(chosen, smallest.proof)}`.trimEnd(),
    );
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

function whyLate(_: Tried['chosen'], { history }: FenceProof): string {
  const refused = history.lines.find(({ text }) => text.includes('requires watchdog'));
  return refused
    ? `"${refused.text}" Where the device is on no machine, no node becomes leader.`
    : '';
}

export const judges = {
  'one-primary': promise(({ two }) => two, 'One node at a time took writes', whyTwo),
  'back-in-time': promise(
    ({ late }) => late,
    `Writes were back within ${toMs(BACK_WITHIN) / 1000} s`,
    whyLate,
  ),
} satisfies Record<string, Judge>;
