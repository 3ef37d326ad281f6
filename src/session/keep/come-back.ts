import { type Agenda, type Answered, agendaOf, type Day } from '../../course/repetition.ts';
import type { Keepsake, QuizAnswer } from './keepsake.ts';

const DAY_MS = 86_400_000;

/** The day of a moment in ISO 8601 by the calendar of this device: what was missed at night is due in the morning. */
export function dayOf(iso: string): Day {
  const moment = new Date(iso);
  return Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / DAY_MS;
}

export const answered = (answers: readonly QuizAnswer[]): readonly Answered[] =>
  answers.map(({ at, right }) => ({ day: dayOf(at), right }));

/** What of the kept answers is to be come back to, `now` in ISO 8601. The schedule itself is kept nowhere: the answers say it. */
export const agendaFrom = (
  kept: readonly Keepsake<'quiz'>[],
  known: readonly string[],
  now: string,
): Agenda =>
  agendaOf(
    new Map(kept.map(({ of, contents }) => [of, answered(contents)])),
    new Set(known),
    dayOf(now),
  );
