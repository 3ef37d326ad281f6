import type { Asked } from '../cluster/asked.ts';
import { currentAnswer, type Question } from './answers.ts';

/**
 * How an answer to one question of kind sql is carried into another, on another node: as psql carries it after `\gset`. Each
 * column of the first row is a variable of its name, and `:'name'` stands for it as a literal.
 */

type Given = Parameters<typeof currentAnswer>[1];
/** What a node answers to one who only reads. */
type Ask = (node: string, sql: string) => Promise<Asked>;

const VARIABLE = /:'([a-z_][a-z0-9_]*)'/g;

/**
 * Puts the values of a first row where a text names them. A name that no column has stays as it stands, as in psql, and PostgreSQL
 * will call it a syntax error. NULL becomes an empty literal: psql unsets the variable.
 */
export function withVariables(sql: string, first: Asked): string {
  const result = first.results.at(-1);
  const row = result?.rows[0];
  if (!result || !row) return sql;
  return sql.replaceAll(VARIABLE, (whole, name: string) => {
    const column = result.columns.lastIndexOf(name);
    return column < 0 ? whole : `'${(row[column] ?? '').replaceAll("'", "''")}'`;
  });
}

/** A text as it is to be asked for a question, with what it carries from another question's answer of now. */
export async function carried(
  questions: readonly Question[],
  given: Given,
  id: string,
  sql: string,
  ask: Ask,
): Promise<string> {
  const question = questions.find((one) => one.id === id);
  if (question?.kind !== 'sql' || question.carries === undefined) return sql;
  const source = questions.find((one) => one.id === question.carries);
  const first = currentAnswer(questions, given, question.carries);
  if (source?.kind !== 'sql' || first.trim() === '') return sql;
  return withVariables(sql, await ask(source.node, first));
}
