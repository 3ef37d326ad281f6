import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import type { BackendWait } from '../cluster/sql-engine.ts';
import { type Addresses, RecoveryState } from './addresses.ts';
import { copyOnWrite, DATA_DIRECTORY, type FileSet, install } from './data-directory.ts';
import type { Host } from './host.ts';
import { lockWait } from './lock-wait.ts';
import type { PostgresExports, PostgresModule } from './postgres-module.ts';

/** What callMain returns when PostgreSQL has started and waits for messages (PGLITE_EXIT_ALIVE in pglite.ts). */
const ALIVE = 99;
/** The exit status that stands for PostgreSQL's longjmp after an error (POSTGRES_MAIN_LONGJMP in pglite.ts). */
const LONGJMP = 100;

/** Keeps PGlite from fetching its initdb, which no server here runs. */
const NO_INITDB = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));

const START_PARAMETERS: readonly string[] = [
  '--single',
  '-F', // fsync would only cost time: crashes are made from the WAL (see materialize.ts)
  ...['exit_on_error=false', 'io_method=sync', 'log_checkpoints=off'],
  ...['max_worker_processes=0', 'max_parallel_workers=0', 'max_parallel_workers_per_gather=0'],
  'max_parallel_maintenance_workers=0',
].flatMap((parameter) => (parameter.startsWith('-') ? [parameter] : ['-c', parameter]));

/** PostgreSQL has ended itself (FATAL, PANIC) or trapped; nothing more can be asked of this instance. */
export class ServerFailed extends Error {
  override readonly name = 'ServerFailed';
}

export interface StartOptions {
  readonly wasm: WebAssembly.Module;
  readonly host: Host;
  readonly programs: FileSet;
  readonly data: FileSet;
  readonly addresses: Addresses;
  readonly extraParameters?: readonly string[];
}

/** One PostgreSQL in WebAssembly: started, spoken to in protocol messages, and looked into. */
export class Instance {
  readonly module: PostgresModule;
  readonly exports: PostgresExports;
  readonly host: Host;
  readonly #log: string[];
  readonly addresses: Addresses;
  #input: Uint8Array = new Uint8Array();
  #inputRead = 0;
  #onOutput: (bytes: Uint8Array) => void = () => {};
  #furtherInput: Uint8Array = new Uint8Array();
  #failure: ServerFailed | null = null;

  private constructor(
    module: PostgresModule,
    exports: PostgresExports,
    { host, addresses }: StartOptions,
    log: string[],
  ) {
    this.module = module;
    this.exports = exports;
    this.host = host;
    this.addresses = addresses;
    this.#log = log;
  }

  static async start(options: StartOptions): Promise<Instance> {
    const { host, wasm } = options;
    const log: string[] = [];
    let exports: PostgresExports | null = null;
    let instance: Instance | null = null;
    const waitLatch = (_latch: number, _events: number, timeout: number, event: number): number => {
      if (!instance) throw new Error('PostgreSQL waits while it starts');
      return host.waitLatch(instance, timeout, event);
    };
    const pglite = await PGlite.create({
      noInitDb: true,
      pgliteWasmModule: wasm,
      initdbWasmModule: NO_INITDB,
      fsBundle: new Blob(),
      extensions: {
        host: {
          name: 'host',
          setup: async (_pglite, emscriptenOptions) => ({
            emscriptenOpts: {
              ...emscriptenOptions,
              print: (line: string) => log.push(line),
              printErr: (line: string) => log.push(line),
              getPreloadedPackage: () => new ArrayBuffer(),
              preRun: [
                ...emscriptenOptions.preRun,
                (module: PostgresModule) => {
                  // Not the files of PGlite's bundle, which would be copied one by one; ours are put in place.
                  module.FS_createDataFile = () => {};
                  copyOnWrite(module);
                  install(module, options.programs);
                },
              ],
              instantiateWasm: (
                imports: WebAssembly.Imports,
                done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
              ) => {
                replaceImports(imports, host, waitLatch);
                void WebAssembly.instantiate(wasm, imports).then((started) => {
                  exports = started.exports as unknown as PostgresExports;
                  done(started, wasm);
                });
                return {};
              },
            },
          }),
        },
      },
    } as PGliteOptions);
    if (!exports) throw new Error('PGlite did not instantiate PostgreSQL');
    const module = pglite.Module as unknown as PostgresModule;
    instance = new Instance(module, exports, options, log);
    instance.#boot(options);
    return instance;
  }

  #boot({ data, extraParameters = [] }: StartOptions): void {
    const { module } = this;
    replaceRandomDevices(module, this.host);
    install(module, data);
    refuseCommands(module);
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

  /** Ends PostgreSQL as it should be ended, with a checkpoint. The instance is of no use then but for its files. */
  shutDown(): void {
    this.module._pgl_setPGliteActive(0);
    this.module._pgl_run_atexit_funcs();
    this.#fail('PostgreSQL was shut down');
  }

  #fail(reason: string): ServerFailed {
    this.#failure = new ServerFailed([reason, ...this.#log.slice(-5)].join('\n'));
    return this.#failure;
  }

  get memory(): DataView {
    return new DataView(this.module.HEAPU8.buffer);
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

  #raise(flag: WebAssembly.Global): void {
    this.memory.setInt32(flag.value, 1, true);
  }

  describeLockWait(lockType: number): BackendWait {
    return lockWait(this, lockType);
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

type ImportedFunction = (...args: number[]) => number | bigint;

/** Gives an instance its own clock, random bytes, time zone (UTC) and waits. Imports as in Emscripten's libraries. */
function replaceImports(
  imports: WebAssembly.Imports,
  host: Host,
  waitLatch: ImportedFunction,
): void {
  const env = imports.env as Record<string, unknown>;
  const wasi = imports.wasi_snapshot_preview1 as Record<string, unknown>;
  const memory = env.memory as WebAssembly.Memory;
  env.emscripten_date_now = host.dateNow;
  env.emscripten_get_now = host.monotonicNow;
  env._localtime_js = env._gmtime_js;
  env._tzset_js = () => {};
  // Timers would fire between statements, in the host's time. Timeouts belong to the simulated cluster.
  env._setitimer_js = () => 0;
  // Unused by PostgreSQL in single-user mode; wasm-patch.ts makes WaitLatch call it.
  env.__syscall_listen = waitLatch;
  wasi.clock_time_get = (_clock: number, _precision: bigint, result: number) => {
    new DataView(memory.buffer).setBigInt64(result, BigInt(Math.floor(host.dateNow() * 1e6)), true);
    return 0;
  };
  wasi.random_get = (target: number, length: number) => {
    const bytes = new Uint8Array(memory.buffer, target, length);
    for (let i = 0; i < length; i++) bytes[i] = host.randomByte();
    return 0;
  };
}

/** pg_strong_random() reads a device, which Emscripten feeds from the host. */
function replaceRandomDevices({ FS }: PostgresModule, host: Host): void {
  for (const name of ['random', 'urandom']) {
    FS.unlink(`/dev/${name}`);
    FS.createDevice('/dev', name, host.randomByte);
  }
}

/** COPY … TO PROGRAM and the like fail in PostgreSQL's own words: there are no programs here. */
function refuseCommands(module: PostgresModule): void {
  const NULL = 0;
  module._pgl_set_popen_fn(module.addFunction(() => NULL, 'ppp'));
  module._pgl_set_system_fn(module.addFunction(() => 1, 'pi'));
}
