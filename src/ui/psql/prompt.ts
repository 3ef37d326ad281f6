import type { TransactionStatus } from '../../cluster/sql-engine.ts';
import { scanSql } from '../editor/sql-scan.ts';

/** psql's mark of the transaction in its prompt: none, in a transaction, in a failed one. */
const MARKS: Readonly<Record<TransactionStatus, string>> = {
  idle: '',
  transaction: '*',
  failed: '!',
};

/** Beyond this, a text has a prompt in its first line only. */
const LONG = 20_000;

/** psql's prompts, one a line of the text: `primary=# `, `primary=*# ` in a transaction, `primary-# ` where a statement goes on. */
export function promptsOf(node: string, status: TransactionStatus, sql: string): readonly string[] {
  const lines = sql.length > LONG ? (['='] as const) : scanSql(sql).lines;
  return lines.map((continuation) => `${node}${continuation}${MARKS[status]}# `);
}
