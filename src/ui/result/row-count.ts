import type { StatementResult } from '../../cluster/sql-engine.ts';

/** psql's last line of a table, with the true count even where fewer rows have come. */
export const rowCount = ({ rows, omittedRows = 0 }: StatementResult): string => {
  const count = rows.length + omittedRows;
  return `(${count} ${count === 1 ? 'row' : 'rows'})`;
};
