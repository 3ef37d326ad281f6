import type { SqlEngine } from '../cluster/sql-engine.ts';
import type { Judgement } from '../grading/verdict.ts';
import { gradeOn, type Work, workOf } from './grade.ts';
import type { Lab } from './lab.ts';
import { describeLabAction } from './lab-action.ts';

type Trap = Lab['traps'][number];

/** Something that a lab says of itself: that its start fails, that a solution passes, that a trap is caught. */
export interface Claim {
  readonly kind: 'start' | 'solution' | 'trap';
  readonly name: string;
  readonly work: Work;
  readonly trap: Trap | null;
}

export const claimsOf = (lab: Lab): readonly Claim[] => [
  { kind: 'start', name: 'left as it is', work: workOf(lab, []), trap: null },
  ...lab.solutions.map(({ name, actions }) => ({
    kind: 'solution' as const,
    name,
    work: workOf(lab, actions),
    trap: null,
  })),
  ...lab.traps.map((trap) => ({
    kind: 'trap' as const,
    name: trap.name,
    work: workOf(lab, trap.actions),
    trap,
  })),
];

/** The seeds on which a claim is tried, a group at a time: together they must show it. */
export function seedGroups(lab: Lab, { trap }: Claim): readonly (readonly number[])[] {
  return trap?.seeds === 'some' ? [lab.seeds] : lab.seeds.map((seed) => [seed]);
}

/** Tries a claim on a group of seeds: null where it holds, or what is wrong with it. */
export async function prove(
  lab: Lab,
  claim: Claim,
  seeds: readonly number[],
  engine: SqlEngine,
): Promise<string | null> {
  let complaint: string | null = null;
  for (const seed of seeds) {
    const { told, wrong } = await proveOn(lab, claim, seed, engine);
    complaint = wrong;
    if (told) break;
  }
  return complaint;
}

/** `told`: the check that catches a trap has failed, so that no other seed is looked at any more. */
async function proveOn(
  lab: Lab,
  { kind, work, trap }: Claim,
  seed: number,
  engine: SqlEngine,
): Promise<{ readonly told: boolean; readonly wrong: string | null }> {
  const { judgements, refused } = await gradeOn(lab, seed, work, engine);
  const told = trap === null || judgements.get(trap.caughtBy)?.outcome === 'fail';
  const failed = [...judgements].filter(([, { outcome }]) => outcome !== 'pass');
  const wrong = () => {
    if (refused[0]) return `an action is refused: ${describeLabAction(refused[0])}`;
    if (kind === 'solution' && failed.length > 0)
      return failed.map(([check, { words }]) => `${check}: ${words}`).join(' ');
    if (kind === 'start' && failed.length === 0) return 'every check passes';
    return trap && wrongMessage(lab, trap, judgements);
  };
  return { told, wrong: wrong() };
}

/** What a trap is told must be meant for it, and for no other. Two ways into one trap share their words. */
function wrongMessage(
  { traps }: Lab,
  trap: Trap,
  found: ReadonlyMap<string, Judgement>,
): string | null {
  const { caughtBy, says } = trap;
  const judgement = found.get(caughtBy);
  if (judgement?.outcome !== 'fail') return `${caughtBy} does not fail: ${judgement?.words}`;
  if (!judgement.words.includes(says))
    return `${caughtBy} does not say "${says}": ${judgement.words}`;
  const other = traps.find((one) => one.says !== says && judgement.words.includes(one.says));
  return other ? `${caughtBy} says what is meant for "${other.name}": ${judgement.words}` : null;
}
