import type { BackendWait } from '../cluster/sql-engine.ts';
import { type Addresses, RecoveryState } from './addresses.ts';
import { DATA_DIRECTORY, type FileSet, install } from './data-directory.ts';
import type { Host } from './host.ts';
import type { Linkage } from './linkage.ts';
import { type LoadedPostgres, loadPostgres } from './load-postgres.ts';
import { lockWait } from './lock-wait.ts';
import type { MemoryPool } from './memory-pool.ts';
import type { PostgresExports, PostgresModule } from './postgres-module.ts';
import { answerRestoreCommand } from './restore-command.ts';
import { endSyncRepWait } from './sync-rep-wait.ts';

/** What callMain returns when PostgreSQL has started and waits for messages (PGLITE_EXIT_ALIVE in pglite.ts). */
const ALIVE = 99;
/** The exit status that stands for PostgreSQL's longjmp after an error (POSTGRES_MAIN_LONGJMP in pglite.ts). */
const LONGJMP = 100;

/** What a server without other processes needs. (postgres -F, fsync off: a crash here is a cut of the WAL.) */
const START_PARAMETERS: readonly string[] = [
  '--single',
  '-F',
  ...[
    'exit_on_error=off',
    'io_method=sync',
    'log_checkpoints=off',
    'max_worker_processes=0',
    'max_parallel_workers=0',
    'max_parallel_workers_per_gather=0',
    'max_parallel_maintenance_workers=0',
  ].flatMap((setting) => ['-c', setting]),
];

/**
 * How deep PostgreSQL's own stack may get before it reports 54001, whatever max_stack_depth says. The same calls take some
 * ten to fifty times as much of JavaScript's stack, of about 1 MB, and an overflow there is the end of the server.
 */
const STACK_DEPTH = 48 * 1024;

const LOG_LINES = 10;

/** PGC_POSTMASTER and PGC_S_FILE (guc.h). */
const GucContext = { start: 1 } as const;
const GucSource = { file: 3 } as const;

/** PostgreSQL has ended itself (FATAL, PANIC) or trapped; nothing more can be asked of this instance. */
export class ServerFailed extends Error {
  override readonly name = 'ServerFailed';
}

/** The last lines that PostgreSQL has printed, to say why it failed. */
class Log {
  lines: readonly string[] = [];
  readonly #hear: (line: string) => void;

  constructor(hear: (line: string) => void) {
    this.#hear = hear;
  }

  add(line: string): void {
    this.lines = [...this.lines, line].slice(-LOG_LINES);
    this.#hear(line);
  }
}

export interface StartOptions {
  readonly wasm: WebAssembly.Module;
  readonly memories: MemoryPool;
  readonly host: Host;
  readonly programs: FileSet;
  readonly data: FileSet;
  readonly addresses: Addresses;
  readonly linkage: Linkage | null;
  readonly extraParameters?: readonly string[];
  /** Takes what PostgreSQL prints into its server log, line by line. */
  readonly hear?: (line: string) => void;
  /** What restore_command finds in the archive, by the file's name; null where there is none. */
  readonly archived?: (file: string) => Uint8Array | null;
}

/** One PostgreSQL in WebAssembly: started, spoken to in protocol messages, and looked into. */
export class Instance {
  readonly module: PostgresModule;
  readonly exports: PostgresExports;
  readonly imports: WebAssembly.Imports;
  readonly host: Host;
  readonly addresses: Addresses;
  readonly #wasmMemory: WebAssembly.Memory;
  readonly #memories: MemoryPool;
  readonly #log: Log;
  #input: Uint8Array = new Uint8Array();
  #inputRead = 0;
  #onOutput: (bytes: Uint8Array) => void = () => {};
  #furtherInput: Uint8Array = new Uint8Array();
  #failure: ServerFailed | null = null;

  private constructor(
    { module, exports, imports }: LoadedPostgres,
    wasmMemory: WebAssembly.Memory,
    { host, addresses, memories }: StartOptions,
    log: Log,
  ) {
    this.module = module;
    this.exports = exports;
    this.imports = imports;
    this.host = host;
    this.addresses = addresses;
    this.#wasmMemory = wasmMemory;
    this.#memories = memories;
    this.#log = log;
  }

  static async start(options: StartOptions): Promise<Instance> {
    const { host, memories } = options;
    const memory = memories.take();
    const log = new Log(options.hear ?? (() => {}));
    let instance: Instance | null = null;
    const loaded = await loadPostgres({
      ...options,
      memory,
      print: (line) => log.add(line),
      waitLatch: (_latch, _events, timeout, event) => {
        if (!instance) throw new Error('PostgreSQL waits while it starts');
        return host.waitLatch(instance, timeout, event);
      },
    });
    instance = new Instance(loaded, memory, options, log);
    if (options.archived) answerRestoreCommand(loaded.module, options.archived);
    instance.#boot(options);
    return instance;
  }

  #boot({ data, extraParameters = [] }: StartOptions): void {
    const { module } = this;
    install(module, data);
    module._pgl_setPGliteActive(1);
    const status = module.callMain([
      ...START_PARAMETERS,
      ...extraParameters,
      '-D',
      DATA_DIRECTORY,
      'postgres',
    ]);
    if (status !== ALIVE) throw this.#fail(`PostgreSQL did not start (exit status ${status})`);
    module._pgl_startPGlite();
    const read = module.addFunction((target = 0, most = 0) => {
      if (this.#inputRead === this.#input.length) {
        this.#input = this.#furtherInput;
        this.#inputRead = 0;
      }
      const bytes = this.#input.subarray(this.#inputRead, this.#inputRead + most);
      module.HEAPU8.set(bytes, target);
      this.#inputRead += bytes.length;
      return bytes.length;
    }, 'ipi');
    const write = module.addFunction((source = 0, length = 0) => {
      this.#onOutput(module.HEAPU8.slice(source, source + length));
      return length;
    }, 'ipi');
    module._pgl_set_rw_cbs(read, write);
    this.memory.setInt32(this.addresses.maxStackDepthBytes, STACK_DEPTH, true);
  }

  /**
   * Sends a message of the frontend protocol; PostgreSQL's answers come while it works. Each time it asks for more in the
   * midst of it, which only COPY FROM STDIN does, it gets `furtherInput`.
   */
  exchange(
    message: Uint8Array,
    furtherInput: Uint8Array,
    onOutput: (bytes: Uint8Array) => void,
  ): void {
    if (this.#failure) throw this.#failure;
    const { module } = this;
    this.#input = message;
    this.#inputRead = 0;
    this.#furtherInput = furtherInput;
    this.#onOutput = onOutput;
    while (this.#inputRead < this.#input.length || module._pq_buffer_remaining_data() > 0) {
      const stack = module.stackSave();
      try {
        module._PostgresMainLoopOnce();
      } catch (thrown) {
        module.stackRestore(stack);
        if (!isLongjmp(thrown)) throw this.#fail(`PostgreSQL ended: ${String(thrown)}`);
        module._PostgresMainLongJmp();
      }
    }
    module._PostgresSendReadyForQueryIfNecessary();
    module._pgl_pq_flush();
  }

  /** Takes PostgreSQL off without more ado, as a power failure would. */
  close(): void {
    if (this.#failure) return;
    const end = this.memory.getUint32(this.exports.emscripten_get_sbrk_ptr(), true);
    this.#fail('PostgreSQL was closed');
    this.#memories.giveBack(this.#wasmMemory, end);
  }

  /** Ends PostgreSQL as it should be ended, with a checkpoint. The instance is of no use then but for its files. */
  shutDown(): void {
    this.module._pgl_setPGliteActive(0);
    this.module._pgl_run_atexit_funcs();
    this.#fail('PostgreSQL was shut down');
  }

  #fail(reason: string): ServerFailed {
    this.#failure = new ServerFailed([reason, ...this.#log.lines].join('\n'));
    return this.#failure;
  }

  get memory(): DataView {
    return new DataView(this.#wasmMemory.buffer);
  }

  /** Lets the running statement end with 57014, as a signal of pg_cancel_backend() would. */
  cancelQuery(): void {
    this.#raise(this.exports.QueryCancelPending);
    this.#raise(this.exports.InterruptPending);
  }

  /** Lets PostgreSQL read its configuration files again before its next statement, as on SIGHUP. */
  reloadConfiguration(): void {
    this.#raise(this.exports.ConfigReloadPending);
  }

  /** Sets a setting that otherwise wants a restart, as a server does that starts on a configuration file with this line. */
  configureAsAtStart(name: string, value: string): void {
    const { stackSave, stackRestore, HEAPU8 } = this.module;
    const stack = stackSave();
    const address = (text: string): number => {
      const bytes = new TextEncoder().encode(`${text}\0`);
      const place = this.exports._emscripten_stack_alloc(bytes.length);
      HEAPU8.set(bytes, place);
      return place;
    };
    this.exports.SetConfigOption(address(name), address(value), GucContext.start, GucSource.file);
    stackRestore(stack);
  }

  #raise(flag: WebAssembly.Global): void {
    this.memory.setInt32(flag.value, 1, true);
  }

  /** Replaceable, so that the template's builder can look at such a wait. */
  glance = (): void => endSyncRepWait(this);

  describeLockWait(lockType: number): BackendWait {
    return lockWait(this, lockType);
  }

  /** Does some work while PostgreSQL takes itself for another kind of process (MyBackendType). */
  as<T>(type: number, work: () => T): T {
    const { memory } = this;
    const address = this.exports.MyBackendType.value;
    const own = memory.getInt32(address, true);
    memory.setInt32(address, type, true);
    try {
      return work();
    } finally {
      this.memory.setInt32(address, own, true);
    }
  }

  /** Sets the xmin of replication slots (`replication_slot_xmin`, procarray.c): what is newer than it, VACUUM and pruning leave. */
  holdHorizon(xmin: number): void {
    const { memory, addresses } = this;
    memory.setUint32(memory.getUint32(addresses.procArray, true) + addresses.slotXmin, xmin, true);
  }

  /** Makes PostgreSQL believe that it is in recovery, so that it refuses all that a standby refuses, in its own words. */
  enterRecovery(): void {
    const { memory, addresses } = this;
    memory.setUint8(addresses.localRecoveryInProgress, 1);
    const control = memory.getUint32(addresses.xlogCtl, true);
    memory.setUint32(control + addresses.sharedRecoveryState, RecoveryState.archive, true);
  }
}

const isLongjmp = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'status' in thrown && thrown.status === LONGJMP;
