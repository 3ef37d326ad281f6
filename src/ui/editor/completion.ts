import type { Schema, SchemaRelation } from './sql-editor.ts';
import { scanSql } from './sql-scan.ts';

export type CompletionKind = 'column' | 'relation' | 'function' | 'setting' | 'keyword';

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Beside the label: a type, arguments, what it belongs to. */
  readonly detail: string;
  readonly about: string;
  /** Smaller comes first. */
  readonly rank: number;
}

export interface Completions {
  /** Where the word begins that a completion takes the place of. */
  readonly from: number;
  readonly items: readonly Completion[];
}

/** Beyond this, nobody has typed the text. */
const LONG = 100_000;
const NAME = '[\\w$\\u0080-\\uffff]+|"(?:[^"]|"")+"';
const ALIAS = new RegExp(`^\\s+(?:as\\s+)?(${NAME})`, 'iu');
const NO_ITEMS = { from: 0, items: [] };
const AFTER_SETTING_WORD = /\b(?:set|show|reset)\s+(?:session\s+|local\s+)?[\w.]*$/i;
const IN_SETTING_FUNCTION = /\b(?:current_setting|set_config)\s*\(\s*'[\w.]*$/i;
const AFTER_RELATION_WORD =
  /\b(?:from|join|into|update|table|truncate|only|describe|analyze|vacuum)\s+[\w.]*$/i;
const UPDATES = /^\s*update\b/i;

/** What may stand at an offset of a text, by the statement around it and the names of some schemas. */
export function completionsAt(
  text: string,
  offset: number,
  schemas: readonly Schema[],
): Completions {
  if (text.length > LONG) return NO_ITEMS;
  const sofar = scanSql(text.slice(0, offset));
  const begin = sofar.end === '=' ? offset : (sofar.statements.at(-1)?.from ?? offset);
  const before = text.slice(begin, offset);
  const word = /[\w$\u0080-\uffff]*$/.exec(before)?.[0] ?? '';
  const from = offset - word.length;
  const at = (items: readonly Completion[]) => ({ from, items });

  if (IN_SETTING_FUNCTION.test(before)) return at(settings(schemas, 0));
  if (!['=', '-', '('].includes(sofar.end) || sofar.endsInComment) return NO_ITEMS;

  const whole = scanSql(text).statements.find((statement) => statement.from === begin);
  const statement = text.slice(begin, whole?.to ?? offset);
  const used = relationsIn(statement, schemas);
  const qualifier = new RegExp(`(${NAME})\\.[\\w$]*$`).exec(before)?.[1];
  if (qualifier !== undefined) return at(membersOf(qualifier, used, schemas));
  const update = UPDATES.test(statement);
  if (!update && AFTER_SETTING_WORD.test(before)) return at(settings(schemas, 0));
  if (AFTER_RELATION_WORD.test(before))
    return at([...relations(schemas, 0), ...keywords(schemas, 2)]);
  const columns = [...new Set(used.values())].flatMap((relation) => columnsOf(relation, 0));
  return at([
    ...unique(columns),
    ...functions(schemas, 2),
    ...relations(schemas, 3),
    ...keywords(schemas, word === '' ? 4 : 1),
  ]);
}

/** Relations that a statement names, by their names and aliases there. */
function relationsIn(
  statement: string,
  schemas: readonly Schema[],
): ReadonlyMap<string, SchemaRelation> {
  const known = new Map(
    schemas.toReversed().flatMap(({ relations }) => relations.map((r) => [r.name, r] as const)),
  );
  const used = new Map<string, SchemaRelation>();
  for (const match of statement.matchAll(new RegExp(NAME, 'gu'))) {
    const relation = known.get(plainName(match[0]));
    if (!relation) continue;
    used.set(relation.name, relation);
    const [, alias] = ALIAS.exec(statement.slice(match.index + match[0].length)) ?? [];
    if (alias !== undefined) used.set(plainName(alias), relation);
  }
  return used;
}

function membersOf(
  qualifier: string,
  used: ReadonlyMap<string, SchemaRelation>,
  schemas: readonly Schema[],
): readonly Completion[] {
  const relation = used.get(plainName(qualifier));
  if (relation) return columnsOf(relation, 0);
  const prefix = `${plainName(qualifier)}.`;
  return relations(schemas, 0)
    .filter(({ label }) => label.startsWith(prefix))
    .map((item) => ({ ...item, label: item.label.slice(prefix.length) }));
}

const columnsOf = ({ name, columns }: SchemaRelation, rank: number): readonly Completion[] =>
  columns.map((column) => ({
    label: quoted(column.name),
    kind: 'column',
    detail: `${column.type} · ${name}`,
    about: '',
    rank,
  }));

const relations = (schemas: readonly Schema[], rank: number): readonly Completion[] =>
  schemas.flatMap(({ relations: all }, i) =>
    all.map(({ name, kind }) => ({
      label: name.split('.').map(quoted).join('.'),
      kind: 'relation' as const,
      detail: kind,
      about: '',
      // Those of the first schema are the node's own; PostgreSQL's come after.
      rank: rank + Math.min(i, 1) * 0.5,
    })),
  );

const functions = (schemas: readonly Schema[], rank: number): readonly Completion[] =>
  schemas.flatMap(({ functions: all }) =>
    all.map(({ name, arguments: list }) => ({
      label: quoted(name),
      kind: 'function' as const,
      detail: `(${list})`,
      about: '',
      rank,
    })),
  );

const settings = (schemas: readonly Schema[], rank: number): readonly Completion[] =>
  schemas.flatMap(({ settings: all }) =>
    all.map(({ name, about }) => ({
      label: name,
      kind: 'setting' as const,
      detail: 'setting',
      about,
      rank,
    })),
  );

const keywords = (schemas: readonly Schema[], rank: number): readonly Completion[] =>
  schemas.flatMap(({ keywords: all }) =>
    all.map((label) => ({ label, kind: 'keyword' as const, detail: '', about: '', rank })),
  );

function unique(items: readonly Completion[]): readonly Completion[] {
  return [...new Map(items.map((item) => [item.label, item])).values()];
}

/** A name as PostgreSQL keeps it: folded to lower case, or as it stands between its quotes. */
const plainName = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();

const quoted = (name: string): string =>
  /^[a-z_\u0080-\uffff][a-z0-9_$\u0080-\uffff]*$/u.test(name)
    ? name
    : `"${name.replaceAll('"', '""')}"`;
