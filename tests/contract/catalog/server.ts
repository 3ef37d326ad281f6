import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PGlite, types } from '@electric-sql/pglite';
import type { ModelledRow, ServerState } from '../../../src/cluster/sql-engine.ts';
import { findRecoveryAddresses } from '../../../src/engine/build/recovery-addresses.ts';
import { catalogStatements, stateFiles } from '../../../src/engine/catalog/index.ts';

const NOW = '2026-01-01T00:00:00.000Z';

const backend = (pid: number, rest: ModelledRow = {}): ModelledRow => ({
  pid,
  datid: 5,
  usesysid: 10,
  application_name: 'psql',
  state: 'idle',
  query: 'select 1',
  backend_start: NOW,
  query_start: NOW,
  state_change: NOW,
  client_addr: '10.0.0.9',
  client_port: 50_000 + pid,
  backend_type: 'client backend',
  ...rest,
});

const process = (pid: number, backend_type: string, wait_event: string): ModelledRow => ({
  pid,
  backend_type,
  wait_event_type: 'Activity',
  wait_event,
});

/** The pids of a primary's processes; `self` is the session that asks. */
export const PIDS = { self: 101, waiting: 102, blocked: 103, walsender: 201, checkpointer: 301 };

/** A primary with a commit that waits for its standby, and a session that waits for a lock. */
export const STATE: ServerState = {
  nodeName: 'primary',
  inRecovery: false,
  backendPid: PIDS.self,
  writeLsn: '0/3000000',
  flushLsn: '0/2000000',
  insertLsn: null,
  receiveLsn: '0/1000000',
  replayLsn: '0/900000',
  lastReplayedXactTimestamp: NOW,
  replayPauseState: 'not paused',
  activity: [
    backend(PIDS.self, { state: null, query: null, query_start: null, state_change: null }),
    backend(PIDS.waiting, {
      state: 'active',
      query: 'commit',
      wait_event_type: 'IPC',
      wait_event: 'SyncRep',
      backend_xid: '900',
    }),
    backend(PIDS.blocked, { state: 'active', wait_event_type: 'Lock', wait_event: 'tuple' }),
    backend(PIDS.walsender, {
      datid: null,
      application_name: 'standby1',
      state: 'active',
      backend_type: 'walsender',
    }),
    process(PIDS.checkpointer, 'checkpointer', 'CheckpointerMain'),
    process(302, 'autovacuum launcher', 'AutovacuumMain'),
  ],
  walsenders: [
    {
      pid: PIDS.walsender,
      state: 'streaming',
      sent_lsn: '0/3000000',
      write_lsn: '0/3000000',
      flush_lsn: '0/2000000',
      replay_lsn: '0/1000000',
      write_lag: '1 ms',
      flush_lag: '00:00:00.002',
      replay_lag: null,
      sync_priority: 1,
      sync_state: 'sync',
      reply_time: NOW,
    },
  ],
  walreceiver: null,
  slots: [],
  redoLsn: '0/1000028',
  archiver: { archived_count: 0, failed_count: 0, stats_reset: NOW },
  waitingLocks: [
    {
      locktype: 'transactionid',
      transactionid: '900',
      virtualtransaction: '7/3',
      pid: PIDS.blocked,
      mode: 'ShareLock',
      granted: false,
      fastpath: false,
      waitstart: NOW,
    },
  ],
  blockers: { [PIDS.blocked]: [PIDS.waiting] },
  checkpoint: null,
  checkpointer: {},
  walSegments: [],
  conflicts: { snapshot: 0, lock: 0, bufferpin: 0, tablespace: 0, deadlock: 0 },
  hiddenPrepared: [],
};

export const WAL_RECEIVER: ModelledRow = {
  pid: 77,
  status: 'streaming',
  receive_start_lsn: '0/1000000',
  receive_start_tli: 1,
  written_lsn: '0/3000100',
  flushed_lsn: '0/3000000',
  received_tli: 1,
  sender_host: 'primary',
  sender_port: 5432,
  conninfo: 'host=primary',
};

/** What a statement said: notices as `SQLSTATE message`, an error as `SQLSTATE message`. */
export interface Answer {
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  readonly notices: readonly string[];
  readonly error: string | null;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
}

/** Values as PostgreSQL's own text, arrays too. */
const AS_TEXT = Object.fromEntries(
  [...Object.values(types), 1007].map((oid) => [oid, (value: string) => value]),
);

/** A stock PGlite, with or without our catalog. */
export class CatalogServer {
  readonly db: PGlite;

  private constructor(db: PGlite) {
    this.db = db;
  }

  static async stock(): Promise<CatalogServer> {
    const server = new CatalogServer(
      await PGlite.create({
        initDbStartParams: ['--username=postgres', '--locale=C.UTF-8', '--encoding=UTF8'],
        postgresqlconf: ['max_prepared_transactions=10', 'shared_buffers=4MB'],
        parsers: AS_TEXT,
      }),
    );
    server.db.Module.FS.mkdir('/sim');
    return server;
  }

  static async modelled(state: ServerState = STATE): Promise<CatalogServer> {
    const server = await CatalogServer.stock();
    await server.install();
    server.present(state);
    return server;
  }

  async install(): Promise<void> {
    for (const sql of catalogStatements()) await this.db.query(sql);
  }

  present(state: ServerState): void {
    for (const { path, text } of stateFiles(state)) this.db.Module.FS.writeFile(path, text);
  }

  async ask(sql: string): Promise<Answer> {
    const notices: string[] = [];
    const onNotice = ({
      code,
      message,
    }: {
      code: string | undefined;
      message: string | undefined;
    }) => {
      notices.push(`${code} ${message}`);
    };
    try {
      const { rows } = await this.db.query<Record<string, string | null>>(sql, [], { onNotice });
      return { rows, notices, error: null, detail: undefined, hint: undefined };
    } catch (thrown) {
      const { code, message, detail, hint } = thrown as Record<string, string>;
      return { rows: [], notices, error: `${code} ${message}`, detail, hint };
    }
  }

  /** The rows of a statement that must succeed. */
  async rows(sql: string): Promise<Answer['rows']> {
    const { rows, error } = await this.ask(sql);
    if (error) throw new Error(`${error}\nin: ${sql}`);
    return rows;
  }

  /** The first column of every row. */
  async values(sql: string): Promise<(string | null | undefined)[]> {
    return (await this.rows(sql)).map((row) => Object.values(row)[0]);
  }

  /** Recovery mode, by the two words of memory that RecoveryInProgress() reads. */
  recovery(on: boolean): void {
    const { localRecoveryInProgress, xlogCtl, sharedRecoveryState } = ADDRESSES;
    const memory = new DataView(this.db.Module.HEAPU8.buffer);
    const state = memory.getUint32(xlogCtl, true) + sharedRecoveryState;
    memory.setUint32(state, on ? 1 : 2, true);
    memory.setUint8(localRecoveryInProgress, on ? 1 : 0);
  }
}

const ADDRESSES = findRecoveryAddresses(
  readFileSync(
    createRequire(import.meta.url)
      .resolve('@electric-sql/pglite')
      .replace('index.cjs', 'pglite.wasm'),
  ),
);
