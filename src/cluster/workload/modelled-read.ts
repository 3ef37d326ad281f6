import type { Instant } from '../../sim/instant.ts';
import type { StatementView } from '../cluster-view.ts';
import type { ModelledRead } from './client.ts';

/** A read that no server was asked for, in the form in which statements are told: it is answered when it is told. */
export const asStatement = (
  id: number,
  session: string,
  { node, sql, sentAt, columns, row }: ModelledRead,
  answeredAt: Instant,
): StatementView => ({
  id,
  node,
  session,
  sql,
  sentAt,
  sentIn: 'idle',
  answeredAt,
  state: 'done',
  results: [{ command: 'SELECT 1', columns: [...columns], rows: [[...row]] }],
  notices: [],
  error: null,
  waitEventType: null,
  waitEvent: null,
});
