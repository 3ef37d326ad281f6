import type { Asked } from '../../cluster/asked.ts';
import type { StatementView } from '../../cluster/cluster-view.ts';
import type { Instant } from '../../sim/instant.ts';

/** What a copy answered, in the form in which a terminal prints it. It took no time of the run. */
export const asStatement = (
  node: string,
  sql: string,
  { results, notices, error }: Asked,
  at: Instant,
): StatementView => ({
  id: -1,
  node,
  session: 'asked',
  sql,
  sentAt: at,
  sentIn: 'idle',
  answeredAt: null,
  state: error ? 'error' : 'done',
  results,
  notices,
  error,
  waitEventType: null,
  waitEvent: null,
});
