import type { ServerState } from '../../cluster/sql-engine.ts';
import { MARK } from './override.ts';

/**
 * The files, outside the data directory, from which our functions read what the simulator knows. Several of them, since
 * most of a call's cost is parsing: `node` is small and often asked.
 */
export const stateFiles = (state: ServerState): readonly { path: string; text: string }[] => {
  const {
    activity,
    walsenders,
    walreceiver,
    waitingLocks,
    blockers,
    hiddenPrepared,
    slots,
    redoLsn,
    archiver,
    checkpoint,
    checkpointer,
    walSegments,
    ...node
  } = state;
  const topics = {
    node,
    processes: { activity, walsenders, walreceiver },
    checkpoints: { checkpoint, checkpointer, walSegments },
    locks: { waitingLocks, blockers, hiddenPrepared },
    slots: { slots, redoLsn, archiver },
  };
  return Object.entries(topics).map(([topic, value]) => ({
    path: `/sim/${topic}.json`,
    text: JSON.stringify(value),
  }));
};

/**
 * `sim_state(topic)`: what the cluster presented last; NULL where it has presented nothing, as while the template is
 * built. A security definer, since pg_read_file is not for everyone; it names all it calls in full and so needs no
 * search_path.
 */
export const stateStatements: readonly string[] = [
  `
create function pg_catalog.sim_state(topic text) returns jsonb language plpgsql stable security definer as $sim$${MARK}
begin
  return pg_catalog.pg_read_file(pg_catalog.format('/sim/%s.json', topic), true)::pg_catalog.jsonb;
end $sim$`,
];
