import { ActionFailed } from '../scenario/target.ts';
import { Connection } from './connection.ts';
import { pollUntil } from './poll.ts';
import { isAlive } from './processes.ts';

/** Runs a statement and returns its rows. */
export type Ask = (sql: string) => Promise<readonly (readonly (string | null)[])[]>;

/**
 * Opens a session of the runner's own on a node. Its backend is gone when this resolves, so that the scenario's next
 * step does not find it in `pg_stat_activity`.
 * @throws {ActionFailed} with the server's words where it refuses.
 */
export async function withControl<T>(port: number, work: (ask: Ask) => Promise<T>): Promise<T> {
  const connection = new Connection({ port, now: () => 0, changed: () => {} });
  const ask: Ask = async (sql) => {
    const reply = connection.send(sql);
    await pollUntil(() => reply.outcome !== undefined, Number.POSITIVE_INFINITY, 1);
    const { state, error, results } = reply.outcome ?? { state: 'lost', error: null, results: [] };
    if (state !== 'done') throw new ActionFailed(error?.message ?? 'the server does not answer');
    return results.at(-1)?.rows ?? [];
  };
  try {
    return await work(ask);
  } finally {
    connection.close();
    const { pid } = connection;
    if (pid !== null) await pollUntil(() => !isAlive(pid), 1000, 1);
  }
}
