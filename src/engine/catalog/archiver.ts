import { type Columns, names } from './columns.ts';
import { override } from './override.ts';

const ARCHIVER: Columns = [
  'archived_count bigint',
  'last_archived_wal text',
  'last_archived_time timestamptz',
  'failed_count bigint',
  'last_failed_wal text',
  'last_failed_time timestamptz',
  'stats_reset timestamptz',
];

/** pg_stat_archiver, of the modelled archiver. */
export const archiverStatements: readonly string[] = [
  override(
    'pg_stat_get_archiver()',
    `
begin
  select ${names(ARCHIVER)
    .map((name) => `x.${name}`)
    .join(', ')}
  into ${names(ARCHIVER).join(', ')}
  from jsonb_to_record(sim_state('slots') -> 'archiver') as x(${ARCHIVER.join(', ')});
end `,
  ),
];
