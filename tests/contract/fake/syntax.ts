import { parseSync } from 'libpg-query';
import { notOffered, Refused } from './refused.ts';

/** A node of PostgreSQL's parse tree as JSON: fields with default values are left out. */
export type Tree = Readonly<Record<string, unknown>>;

export interface Statement {
  readonly node: string;
  readonly body: Tree;
}

/** The statements of a string, by PostgreSQL's own parser. */
export function parse(sql: string): readonly Statement[] {
  let tree: { readonly stmts?: readonly { readonly stmt: Tree }[] };
  try {
    tree = parseSync(sql) as unknown as typeof tree;
  } catch (error) {
    const { message, sqlDetails } = error as Error & { sqlDetails?: { cursorPosition: number } };
    throw new Refused('42601', message, { position: (sqlDetails?.cursorPosition ?? 0) + 1 });
  }
  return (tree.stmts ?? []).map(({ stmt }) => only(stmt));
}

/** The one entry of a node: its name and its fields. */
export function only(tree: unknown): Statement {
  const [node, body] = Object.entries(tree as Tree)[0] as [string, Tree];
  return { node, body };
}

export const listOf = (value: unknown): readonly Tree[] => (value ?? []) as readonly Tree[];

/** Names as in `schema.name`: the last one. Schemas are of no account here. */
export function lastName(names: unknown): string {
  const { node, body } = only(listOf(names).at(-1));
  if (node !== 'String') throw notOffered(`a name that is ${node}`);
  return String(body.sval);
}

/** 1-based offset in characters of a byte of a string. */
export const characterAt = (sql: string, byte: number): number =>
  [...new TextDecoder().decode(new TextEncoder().encode(sql).subarray(0, byte))].length + 1;
