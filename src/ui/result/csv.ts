import type { StatementResult } from '../../cluster/sql-engine.ts';

/** A result as COPY … WITH (FORMAT csv, HEADER) writes it: NULL is nothing, an empty text is two quotes. */
export function resultCsv({ columns, rows }: StatementResult): string {
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: string | null): string {
  if (value === null) return '';
  const needsQuotes = value === '' || /[",\r\n]/.test(value);
  return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value;
}
