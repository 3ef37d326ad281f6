import type { Schema } from './sql-editor.ts';

let words: Promise<Schema> | null = null;

/** PostgreSQL's own names: catalogs, functions, settings, keywords; as `npm run template` read them from the template. */
export function postgresWords(): Promise<Schema> {
  words ??= import('../../../.generated/sql-words.json?raw').then(
    (text) => JSON.parse(text.default) as Schema,
  );
  return words;
}
