import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { copyOnWrite, type FileSet, installOnDemand } from './data-directory.ts';
import { replaceFileTimes } from './file-times.ts';
import type { Host } from './host.ts';
import { hideTable, type Linkage, link } from './linkage.ts';
import type { PostgresExports, PostgresModule } from './postgres-module.ts';

/** Keeps PGlite from fetching its initdb, which no server here runs. */
const NO_INITDB = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));

/** The size of the memory that PGlite makes in any case and that ours takes the place of. */
const UNUSED_MEMORY = 65536;

export type WaitLatch = (latch: number, events: number, timeout: number, event: number) => number;

export interface LoadOptions {
  readonly wasm: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly host: Host;
  readonly programs: FileSet;
  readonly waitLatch: WaitLatch;
  /** Null where it is to be found out: then the loader links all by itself. */
  readonly linkage: Linkage | null;
  /** Takes what PostgreSQL prints, line by line. */
  readonly print: (line: string) => void;
}

export interface LoadedPostgres {
  readonly module: PostgresModule;
  readonly exports: PostgresExports;
  readonly imports: WebAssembly.Imports;
}

/**
 * Loads PostgreSQL without starting it. PGlite does it, told by `noInitDb` to go no further; what it would do next (a tar to
 * unpack, queries of its own, copies of each answer) is done by Instance, in a third of the time.
 */
export async function loadPostgres(options: LoadOptions): Promise<LoadedPostgres> {
  const { wasm, memory, host, programs, waitLatch, linkage, print } = options;
  const loaded: {
    exports?: PostgresExports;
    imports?: WebAssembly.Imports;
    table?: ReturnType<typeof hideTable>;
  } = {};
  const emscriptenOptions = {
    wasmMemory: memory,
    print,
    printErr: print,
    getPreloadedPackage: () => new ArrayBuffer(),
    instantiateWasm: (
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ) => {
      replaceImports(imports, memory, host, waitLatch);
      // At once: what is thrown here reaches our caller, what an asynchronous instantiation throws does not.
      const { exports } = new WebAssembly.Instance(wasm, imports);
      loaded.exports = exports as unknown as PostgresExports;
      loaded.imports = imports;
      const shown = linkage ? link(exports, imports, linkage) : exports;
      if (linkage) loaded.table = hideTable(exports);
      done({ exports: shown }, wasm);
      return exports;
    },
  };
  const installPrograms = (module: PostgresModule): void => {
    // Not the files of PGlite's bundle, which would be copied one by one.
    module.FS_createDataFile = () => {};
    copyOnWrite(module);
    replaceFileTimes(module, host);
    installOnDemand(module, programs);
  };
  const pglite = await PGlite.create({
    noInitDb: true,
    initialMemory: UNUSED_MEMORY,
    pgliteWasmModule: wasm,
    initdbWasmModule: NO_INITDB,
    fsBundle: new Blob(),
    extensions: {
      host: {
        name: 'host',
        setup: async (_pglite, { preRun, ...given }) => ({
          emscriptenOpts: { ...given, ...emscriptenOptions, preRun: [...preRun, installPrograms] },
        }),
      },
    },
  } satisfies PGliteOptions);
  const { exports, imports, table } = loaded;
  if (!exports || !imports) throw new Error('PGlite did not instantiate PostgreSQL');
  const module = pglite.Module as unknown as PostgresModule;
  replaceRandomDevices(module, host);
  refuseCommands(module, exports);
  table?.show();
  return { module, exports, imports };
}

/** Gives an instance its own clock, random bytes, time zone (UTC) and waits. Imports as in Emscripten's libraries. */
function replaceImports(
  imports: WebAssembly.Imports,
  memory: WebAssembly.Memory,
  host: Host,
  waitLatch: WaitLatch,
): void {
  const env = imports.env as Record<string, unknown>;
  const wasi = imports.wasi_snapshot_preview1 as Record<string, unknown>;
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

/** EPERM of Emscripten's C library. */
const NOT_PERMITTED = 63;

/** COPY … TO PROGRAM and the like fail in PostgreSQL's own words: there are no programs here. */
function refuseCommands(module: PostgresModule, { __errno_location }: PostgresExports): void {
  const refuse = (result: number) => () => {
    new DataView(module.HEAPU8.buffer).setInt32(__errno_location(), NOT_PERMITTED, true);
    return result;
  };
  module._pgl_set_popen_fn(module.addFunction(refuse(0), 'ppp'));
  module._pgl_set_system_fn(module.addFunction(refuse(-1), 'pi'));
}
