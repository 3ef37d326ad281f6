/** Columns of a set that a built-in function returns, as `name type` in PostgreSQL's own order. */
export type Columns = readonly `${string} ${string}`[];

export const names = (columns: Columns): readonly string[] =>
  columns.map((column) => column.slice(0, column.indexOf(' ')));

/** `out a int, out b text`, for CREATE FUNCTION. */
export const outParameters = (columns: Columns): string =>
  columns.map((column) => `out ${column}`).join(', ');

/** `alias.a, alias.b`: never a bare name, which PL/pgSQL would take for one of the function's own OUT parameters. */
export const qualified = (alias: string, columns: readonly string[]): string =>
  columns.map((name) => `${alias}.${name}`).join(', ');
