/** When a question that was missed is asked again. Days come from outside: this file knows no clock. */

/** After how many days a missed question comes back, step by step; after the last one it stays away. */
export const INTERVALS_DAYS = [1, 4, 14] as const;

/** A day of the reader's own calendar, counted from the first of January 1970. */
export type Day = number;

/** An answer, as far as repetition asks about it. */
export interface Answered {
  readonly day: Day;
  readonly right: boolean;
}

/** A question that comes back. */
export interface Repetition {
  /** Which of the intervals it waits for, from 0. */
  readonly step: number;
  readonly dueOn: Day;
}

/**
 * Where a question stands after these answers, oldest first. Null: it does not come back, since it was never missed or
 * was answered rightly after every interval. An answer that is right before the question is due proves nothing, because
 * the reasons have just been read: it changes nothing. A wrong one puts it back to the first interval at any time.
 */
export const repetitionOf = (answers: readonly Answered[]): Repetition | null =>
  answers.reduce<Repetition | null>(afterAnswer, null);

function afterAnswer(before: Repetition | null, { day, right }: Answered): Repetition | null {
  if (!right) return comesBack(0, day);
  if (!before || day < before.dueOn) return before;
  return comesBack(before.step + 1, day);
}

function comesBack(step: number, day: Day): Repetition | null {
  const days = INTERVALS_DAYS[step];
  return days === undefined ? null : { step, dueOn: day + days };
}

/** What is to be come back to. */
export interface Agenda {
  /** Questions to be asked today, by their ids; what has waited longest stands first. */
  readonly due: readonly string[];
  /** How many come on which day, the next day first. */
  readonly later: readonly { readonly day: Day; readonly count: number }[];
  /** Missed questions that the course no longer has. */
  readonly gone: readonly string[];
}

/** `answers` by the question's id; `known` are the ids of all questions that the course has. */
export function agendaOf(
  answers: ReadonlyMap<string, readonly Answered[]>,
  known: ReadonlySet<string>,
  today: Day,
): Agenda {
  const coming = [...answers].flatMap(([id, given]) => {
    const repetition = repetitionOf(given);
    return repetition ? [{ id, dueOn: repetition.dueOn }] : [];
  });
  const ours = coming.filter(({ id }) => known.has(id)).sort((a, b) => a.dueOn - b.dueOn);
  const days = [...new Set(ours.map(({ dueOn }) => dueOn))].filter((day) => day > today);
  return {
    due: ours.filter(({ dueOn }) => dueOn <= today).map(({ id }) => id),
    later: days.map((day) => ({ day, count: ours.filter(({ dueOn }) => dueOn === day).length })),
    gone: coming.filter(({ id }) => !known.has(id)).map(({ id }) => id),
  };
}
