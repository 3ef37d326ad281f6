/** psql's patterns of names: as much of processSQLNamePattern (string_utils.c) as names with a schema need. */
export interface NamePattern {
  /** A regular expression; null where the search path decides. */
  readonly schema: string | null;
  readonly name: string;
}

/** Folds to lower case outside double quotes; `*` is any characters, `?` any one; a dot parts schema and name. */
export function namePattern(pattern: string): NamePattern {
  const before: string[] = [];
  let part = '';
  let quoted = false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === '"') {
      if (quoted && pattern[i + 1] === '"') part += pattern[i++];
      else quoted = !quoted;
    } else if (quoted) part += escaped(c);
    else if (c === '.') {
      before.push(part);
      part = '';
    } else if (c === '*') part += '.*';
    else if (c === '?') part += '.';
    else part += escaped(c.toLowerCase());
  }
  return { schema: before.pop() ?? null, name: part };
}

/** The conditions of a query over pg_class c and pg_namespace n. */
export function matching({ schema, name }: NamePattern): string {
  const visible = 'pg_catalog.pg_table_is_visible(c.oid)';
  const conditions = [
    name === '.*' ? '' : `c.relname operator(pg_catalog.~) ${literal(`^(${name})$`)}`,
    schema === null
      ? visible
      : schema === '.*'
        ? ''
        : `n.nspname operator(pg_catalog.~) ${literal(`^(${schema})$`)}`,
  ];
  return conditions.filter((condition) => condition !== '').join(' and ') || 'true';
}

const escaped = (c: string): string => (/[|*+?()[\]{}.^$\\]/.test(c) ? `\\${c}` : c);

const literal = (text: string): string =>
  `'${text.replaceAll("'", "''")}' collate pg_catalog.default`;
