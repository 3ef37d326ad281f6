import { z } from 'zod';
import { isTable, whyNoTable } from '../routing/decision-table.ts';

/**
 * A question that a lab puts to the learner, and what counts as an answer: the field `answers` of `lab.ts`. A page shows
 * `ask` as the label of an editor, a list of choices or a field for a number.
 */

const text = z.string().trim().min(1);
const id = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens');

/** A query of hers that the lab runs where and when it says. It is one statement, and may not write. */
const sqlQuestion = z.strictObject({
  kind: z.literal('sql'),
  id,
  ask: text,
  /** The node on which she tries it out, and whose catalog completes it. */
  node: id,
  /** What stands in the editor before she writes. */
  initial: z.string().default(''),
  /** Another question of kind sql: in this one, `:'column'` stands for what the answer to that one returns first. See gset.ts. */
  carries: id.optional(),
  /** The rules by which its rows are judged: shown to her as they stand. Rows compare by value, never by query text. */
  result: z.strictObject({
    /** Columns count by their place; the name is for the reader. `type` is a name of PostgreSQL's. */
    columns: z.array(z.strictObject({ name: text, type: text })).min(1),
    /** `any`: the order of rows does not count. */
    order: z.enum(['any', 'given']),
    /** What a row stands for, in one sentence. */
    rows: text,
  }),
});

const choiceQuestion = z.strictObject({
  kind: z.literal('choice'),
  id,
  ask: text,
  options: z.array(z.strictObject({ id: text, label: text })).min(2),
  /** The option that counts until she chooses. */
  initial: text.optional(),
  /** Its place in a table, where many choices are the cells of one: what its row and its column say. */
  cell: z.strictObject({ row: text, column: text }).optional(),
  /** What a button beside it sends, where the question is about a statement. */
  tries: z.strictObject({ node: id, session: id, sql: text }).optional(),
});

const numberQuestion = z.strictObject({
  kind: z.literal('number'),
  id,
  ask: text,
  unit: text.optional(),
  min: z.number(),
  max: z.number(),
});

/**
 * A router of hers (src/routing/): a TypeScript function, or a decision table as JSON. The lab's guests read where it says.
 */
const routerQuestion = z.strictObject({
  kind: z.literal('router'),
  id,
  ask: text,
  /** What decides before she gives one: code, and the table that stands in the other editor. */
  initial: text,
  initialTable: text,
});

/** A patroni.yml of hers, for all nodes of a governed cluster (src/ha/). */
const patroniYmlQuestion = z.strictObject({
  kind: z.literal('patroni-yml'),
  id,
  ask: text,
  /** What counts until she gives one. */
  initial: text,
  /** The question of kind choice that says how clients find the primary: its options are those of `ROUTES`. */
  route: id,
  /** So many schedules of troubles she may try it on herself, from the first one on. */
  tries: z.int().min(1),
});

export const questionSchema = z.discriminatedUnion('kind', [
  sqlQuestion,
  choiceQuestion,
  numberQuestion,
  routerQuestion,
  patroniYmlQuestion,
]);

/** One entry of a lab's `answers`. */
export type Question = z.output<typeof questionSchema>;
export type SqlQuestion = z.output<typeof sqlQuestion>;
export type RouterQuestion = z.output<typeof routerQuestion>;
export type PatroniYmlQuestion = z.output<typeof patroniYmlQuestion>;

/** The longest answer: no query or function for a person to read is longer. */
const MAX_CHARACTERS = 20_000;

/**
 * Why a text cannot be an answer to a question, in words; null where it can. A page asks this before it records an answer.
 * An empty text takes an answer back. That a query is one statement is told when the run takes it.
 */
export function whyNoAnswer(
  questions: readonly Question[],
  id: string,
  text: string,
): string | null {
  const question = questions.find((one) => one.id === id);
  if (!question) {
    const known = questions.map((one) => one.id).join(', ');
    return `the lab has no question "${id}"${known === '' ? '' : `; its questions are ${known}`}`;
  }
  if (text.trim() === '') return null;
  switch (question.kind) {
    case 'sql':
    case 'patroni-yml':
    case 'router': {
      const what = WHAT[question.kind];
      if (text.length > MAX_CHARACTERS)
        return `the ${what} has ${text.length} characters; it may have ${MAX_CHARACTERS}`;
      return question.kind === 'router' && isTable(text) ? whyNoTable(text) : null;
    }
    case 'choice':
      return question.options.some((option) => option.id === text)
        ? null
        : `"${text}" is none of ${question.options.map((option) => option.id).join(', ')}`;
    case 'number': {
      const { min, max } = question;
      const number = Number(text);
      return number >= min && number <= max ? null : `expected a number from ${min} to ${max}`;
    }
  }
}

/** What an answer of a kind is called. */
const WHAT = { sql: 'query', router: 'router', 'patroni-yml': 'file' } as const;

/** What mattered last of each question's answers, and else what counts until she answers. */
export function currentAnswer(
  questions: readonly Question[],
  given: readonly { readonly id: string; readonly text: string }[],
  id: string,
): string {
  const last = given.findLast((one) => one.id === id);
  if (last && last.text.trim() !== '') return last.text;
  const question = questions.find((one) => one.id === id);
  if (question?.kind === 'router' || question?.kind === 'patroni-yml') return question.initial;
  return question?.kind === 'choice' ? (question.initial ?? '') : '';
}
