import type { Verdict } from '../../grading/verdict.ts';
import type { GradingStep } from '../../lab/grading-step.ts';
import type { SeedState } from '../../session/grading.ts';
import type { Instant } from '../../sim/instant.ts';

/** Such as `12.4 s after you took over`. */
export const sinceTakeOver = (at: Instant, takenOverAt: Instant): string => {
  const seconds = (at - takenOverAt) / 1_000_000;
  return seconds < 0
    ? `${(-seconds).toFixed(1)} s before you took over`
    : `${seconds.toFixed(1)} s since you took over`;
};

export function stepInWords(step: GradingStep): string {
  switch (step.kind) {
    case 'start':
      return 'the cluster starts, and its clients begin';
    case 'work':
      return `your action ${step.done + 1} of ${step.of} is done again`;
    case 'rest':
      return 'time goes on after your last action';
    case 'drill':
      return `drill ${step.done + 1} of ${step.of}: ${step.round}`;
    case 'judging':
      return 'what happened is judged';
  }
}

/** How one seed stands, as the end of a sentence that begins with the seed. */
export function seedInWords(state: SeedState): string {
  switch (state.kind) {
    case 'waiting':
      return 'waits for its turn';
    case 'running':
      return stepInWords(state.step);
    case 'failed':
      return `could not be graded: ${state.reason}`;
    case 'graded': {
      const outcomes = [...state.graded.judgements.values()].map(({ outcome }) => outcome);
      const passed = outcomes.filter((outcome) => outcome === 'pass').length;
      return `graded: ${passed} of ${outcomes.length} checks pass`;
    }
  }
}

export function verdictInWords(verdicts: readonly Verdict[]): string {
  const count = (outcome: string) =>
    verdicts.filter(({ judgement }) => judgement.outcome === outcome).length;
  const passed = count('pass');
  if (passed === verdicts.length)
    return verdicts.length === 1 ? 'The check passes.' : `All ${passed} checks pass.`;
  const unclear = count('inconclusive');
  const more = unclear > 0 ? ` ${unclear} cannot be decided.` : '';
  return `${passed} of ${verdicts.length} checks pass.${more}`;
}

export const actions = (count: number): string => `${count} ${count === 1 ? 'action' : 'actions'}`;

/** Where on a lab's page the questions stand. */
export const QUESTIONS = 'your-answers';
