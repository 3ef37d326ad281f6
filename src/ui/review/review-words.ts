import { type Agenda, type Day, INTERVALS_DAYS, type Repetition } from '../../course/repetition.ts';

export const questionsInWords = (count: number): string =>
  `${count} ${count === 1 ? 'question' : 'questions'}`;

/** How far off a day is, as one says it. */
export function dayInWords(day: Day, today: Day): string {
  const days = day - today;
  return days === 1 ? 'tomorrow' : `in ${days} days`;
}

/** What becomes of a question that was asked again. */
export function afterwards(repetition: Repetition | null, today: Day): string {
  if (repetition) return `It comes back ${dayInWords(repetition.dueOn, today)}.`;
  return `Right ${INTERVALS_DAYS.length} times, days apart: it does not come back.`;
}

/** What will come on later days: `Tomorrow 2, in 4 days 1.` Empty where nothing will. */
export function laterInWords({ later }: Agenda, today: Day): string {
  const words = later.map(({ day, count }) => `${dayInWords(day, today)} ${count}`).join(', ');
  return words && `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** Missed questions that the course no longer has. */
export const goneInWords = (count: number): string =>
  count === 1
    ? 'One question that you missed is no longer in the course: it is not asked again.'
    : `${count} questions that you missed are no longer in the course: they are not asked again.`;
