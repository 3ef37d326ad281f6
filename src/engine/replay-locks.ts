import type { Instant } from '../sim/instant.ts';
import type { PgliteServer } from './server.ts';

/** The prepared transaction that holds the locks. On a standby it is nobody's: pg_prepared_xacts shows none there. */
const GID = 'startup process';

/** Locks taken by what a standby replays: held by a prepared transaction, so that readers of this server would have to wait. */
export function lockForReplay(
  server: PgliteServer,
  relations: readonly number[],
  at: Instant,
): void {
  const run = (sql: string): void => {
    const { error } = server.execute(sql, at);
    if (error) throw new Error(`locks of replay: ${error.message} (in: ${sql})`);
  };
  run('begin');
  run(`do $$
declare
  name text;
begin
  for name in
    select oid::regclass from pg_catalog.pg_class where oid in (${relations.join(', ')}) and relkind in ('r', 'p', 'v')
  loop
    execute pg_catalog.format('lock table %s in access exclusive mode', name);
  end loop;
end $$`);
  run(`prepare transaction '${GID}'`);
}
