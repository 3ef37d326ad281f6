import { activityStatements } from './activity.ts';
import { archiverStatements } from './archiver.ts';
import { checkpointStatements } from './checkpoints.ts';
import { conflictStatements } from './conflicts.ts';
import { lockStatements } from './locks.ts';
import { settle } from './override.ts';
import { recoveryControlStatements } from './recovery-control.ts';
import { replicationStatements } from './replication.ts';
import { signalStatements } from './signals.ts';
import { slotStatements } from './slots.ts';
import { stateStatements } from './state.ts';
import { walPositionStatements } from './wal-positions.ts';

export { catalogFingerprintSql } from './override.ts';
export { stateFiles } from './state.ts';

/**
 * SQL that makes PostgreSQL's own views and functions show modelled processes; run once, in order, by a superuser with
 * allow_system_table_mods, when the template data directory is built.
 */
export const catalogStatements = (): readonly string[] => [
  ...stateStatements,
  ...signalStatements,
  ...activityStatements,
  ...replicationStatements,
  ...walPositionStatements,
  ...recoveryControlStatements,
  ...lockStatements,
  ...conflictStatements,
  ...slotStatements,
  ...archiverStatements,
  ...checkpointStatements,
  settle,
];
