import type {
  BackendWait,
  Execution,
  Server,
  ServerMessage,
  ServerState,
  Settings,
  TransactionStatus,
  WaitDecision,
  WalPatch,
  WalPosition,
} from '../cluster/sql-engine.ts';
import { NO_WORK, type Work, workBetween } from '../cluster/work.ts';
import { type Lsn, lsn, type TimelineId } from '../postgres/lsn.ts';
import type { CheckpointFacts } from '../postgres/record-log.ts';
import type { Page } from '../postgres/wal/conflict-records.ts';
import { type Instant, us } from '../sim/instant.ts';
import { catalogFingerprintSql } from './catalog/index.ts';
import { CONTROL_FILE, readControlFile } from './control-file.ts';
import { readFile } from './data-directory.ts';
import type { Instance } from './instance.ts';
import { pinnedPages } from './pinned-pages.ts';
import { Answer, NO_COPY_DATA, query } from './protocol.ts';
import { ALTERED_SETTINGS, configurationFiles } from './settings.ts';
import { StateFiles } from './state-files.ts';
import { WalFiles } from './wal-files.ts';
import { endOfBytes } from './wal-position.ts';

const NOTHING = {
  results: [],
  notices: [],
  signals: [],
  wait: null,
  slept: us(0),
  work: NO_WORK,
} satisfies Partial<Execution>;

/** The wire protocol ends a statement at a NUL byte, so such a statement is never sent. Worded as PostgreSQL words one in a value. */
const NUL_IN_SQL: ServerMessage = {
  severity: 'ERROR',
  sqlstate: '22021',
  message: 'invalid byte sequence for encoding "UTF8": 0x00',
  detail: 'The statement contains a NUL character, which PostgreSQL cannot receive.',
  hint: null,
  position: null,
};

/** BackendType (miscadmin.h). */
const BackendType = { autovacuumWorker: 4 } as const;

/** `xmin` follows `xid` in PGPROC (proc.h). */
const XMIN_AFTER_XID = 4;

interface ServerFacts {
  readonly timeline: TimelineId;
  /** Where the WAL begins that takeWal() tells. */
  readonly start: Lsn;
  /** Fingerprint of the template's catalog. */
  readonly catalog: string;
}

/** A PostgreSQL of the cluster: what the port says, done with one instance. */
export class PgliteServer implements Server {
  readonly #instance: Instance;
  readonly #wal: WalFiles;
  readonly #stateFiles: StateFiles;
  readonly timeline: TimelineId;
  readonly #catalog: string;
  #taken: Lsn;
  #status: TransactionStatus = 'idle';

  constructor(instance: Instance, { timeline, start, catalog }: ServerFacts) {
    this.#instance = instance;
    this.#wal = new WalFiles(instance.module);
    this.timeline = timeline;
    this.#taken = start;
    this.#catalog = catalog;
    this.#stateFiles = new StateFiles(instance.module);
  }

  get instance(): Instance {
    return this.#instance;
  }

  execute(
    sql: string,
    at: Instant,
    { onWait }: { onWait?: (wait: BackendWait) => WaitDecision } = {},
  ): Execution {
    if (sql.includes('\0')) return { ...NOTHING, error: NUL_IN_SQL, status: this.#status };
    const { host } = this.#instance;
    const answer = new Answer();
    host.setClock(at);
    host.beginStatement(onWait);
    const before = this.#workDone();
    this.#instance.exchange(query(sql), NO_COPY_DATA, (bytes) => answer.read(bytes));
    const { wait, slept } = host.endStatement();
    const { results, notices, error, status, signals } = answer;
    this.#status = status;
    const work = workBetween(before, this.#workDone());
    return { results, notices, error, status, signals, wait, slept, work };
  }

  /** What this backend has done since it started: counters that PostgreSQL keeps in its memory whether or not anybody asks. */
  #workDone(): Work {
    const { exports, memory } = this.#instance;
    const word = (address: number) => Number(memory.getBigInt64(address, true));
    const buffers = exports.pgBufferUsage.value;
    // BufferUsage: shared_blks_hit, shared_blks_read, …; WalUsage: wal_records, wal_fpi, wal_bytes, … (64 bits each).
    return {
      blocksHit: word(buffers),
      blocksRead: word(buffers + 8),
      walBytes: word(exports.pgWalUsage.value + 16),
    };
  }

  walPosition(): WalPosition {
    const { exports, memory, addresses } = this.#instance;
    const proc = memory.getUint32(exports.MyProc.value, true);
    return {
      timeline: this.timeline,
      insertLsn: this.#insertLsn(),
      flushLsn: lsn(Number(exports.GetFlushRecPtr(0))),
      xid: memory.getUint32(proc + addresses.procXid, true),
      xmin: memory.getUint32(proc + addresses.procXid + XMIN_AFTER_XID, true),
    };
  }

  #insertLsn(): Lsn {
    const { memory, addresses } = this.#instance;
    const control = memory.getUint32(addresses.xlogCtl, true);
    const position = memory.getBigUint64(control + addresses.insertBytePosition, true);
    return endOfBytes(Number(position));
  }

  takeWal(): { readonly from: Lsn; readonly bytes: Uint8Array } {
    const from = this.#taken;
    if (this.#insertLsn() === from) return { from, bytes: new Uint8Array() };
    const to = this.flushWal();
    const bytes = this.#wal.read(this.timeline, from, to);
    this.#taken = to;
    return { from, bytes };
  }

  withWal<T>(records: readonly WalPatch[], work: () => T): T {
    this.flushWal();
    const kept = records.flatMap(({ at, bytes }) =>
      this.#wal.has(this.timeline, at)
        ? [{ at, bytes: this.#wal.read(this.timeline, at, lsn(at + bytes.length)) }]
        : [],
    );
    const put = ({ at, bytes }: WalPatch) => this.#wal.overwrite(this.timeline, at, bytes);
    for (const record of records) put(record);
    try {
      return work();
    } finally {
      for (const record of kept) put(record);
    }
  }

  /** Brings all WAL generated so far into the files of pg_wal; says where it ends. */
  flushWal(): Lsn {
    const end = this.#insertLsn();
    this.#instance.exports.XLogFlush(BigInt(end));
    return end;
  }

  checkpoint(): CheckpointFacts {
    return readControlFile(readFile(this.#instance.module, CONTROL_FILE)).checkpoint;
  }

  removeWalBefore(position: Lsn): void {
    this.#wal.removeBefore(position);
  }

  alteredSettings(): string {
    return new TextDecoder().decode(readFile(this.#instance.module, ALTERED_SETTINGS));
  }

  catalogChanged(at: Instant): boolean {
    const { results, error } = this.execute(catalogFingerprintSql, at);
    return error === null && results[0]?.rows[0]?.[0] !== this.#catalog;
  }

  setting(name: string): string | null {
    const { module, exports } = this.#instance;
    const stack = module.stackSave();
    const bytes = new TextEncoder().encode(`${name}\0`);
    const address = exports._emscripten_stack_alloc(bytes.length);
    module.HEAPU8.set(bytes, address);
    const value = exports.GetConfigOption(address, 1, 0);
    module.stackRestore(stack);
    if (value === 0) return null;
    return new TextDecoder().decode(module.HEAPU8.slice(value, module.HEAPU8.indexOf(0, value)));
  }

  pinnedPages(): readonly Page[] {
    return pinnedPages(this.#instance);
  }

  holdHorizon(xmin: number | null): void {
    this.#instance.holdHorizon(xmin ?? 0);
  }

  asAutovacuumWorker<T>(work: () => T): T {
    return this.#instance.as(BackendType.autovacuumWorker, work);
  }

  present(state: () => ServerState): void {
    this.#stateFiles.present(state);
  }

  reload(at: Instant, altered?: string): void {
    if (altered !== undefined)
      this.#instance.module.FS.writeFile(ALTERED_SETTINGS, new TextEncoder().encode(altered));
    this.#instance.host.setClock(at);
    this.#instance.reloadConfiguration();
  }

  /** Writes its configuration files anew and puts them in force; of what wants a restart, the settings that are named. */
  configure(settings: Settings, altered: string, at: Instant, restarts: Settings): void {
    for (const [path, bytes] of configurationFiles(settings, altered))
      this.#instance.module.FS.writeFile(path, bytes);
    this.reload(at);
    for (const [name, value] of Object.entries(restarts))
      this.#instance.configureAsAtStart(name, settings[name] ?? value);
  }

  close(): void {
    this.#instance.close();
  }
}
