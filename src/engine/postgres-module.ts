/** A file or directory of Emscripten's in-memory file system (MEMFS). */
export interface MemoryNode {
  readonly name: string;
  readonly parent: MemoryNode;
  mode: number;
  /** Bytes of a file (as Emscripten happened to write them; maybe more than the file is long), or a directory's entries. */
  contents: Uint8Array | Int8Array | Record<string, MemoryNode> | null;
  usedBytes: number;
  /** What the file system does with streams on it; `open` is called at each open. */
  stream_ops: { readonly open?: () => void };
  /** What it does with a directory; the same object for all directories until one gets its own. */
  node_ops: DirectoryOperations;
}

export interface DirectoryOperations {
  /** Throws ENOENT: what is there, Emscripten has found before. */
  lookup(parent: MemoryNode, name: string): MemoryNode;
  readdir(node: MemoryNode): readonly string[];
}

export interface FileAttributes {
  readonly size: number;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
}

/** A file's bytes as they are now, not a copy; null for a directory. */
export function bytesOf({ contents, usedBytes }: MemoryNode): Uint8Array | null {
  if (contents === null) return new Uint8Array();
  if (!ArrayBuffer.isView(contents)) return null;
  return new Uint8Array(contents.buffer, contents.byteOffset, usedBytes);
}

export const childrenOf = ({ contents }: MemoryNode): readonly MemoryNode[] =>
  contents === null || ArrayBuffer.isView(contents) ? [] : Object.values(contents);

export interface OpenFile {
  readonly node: MemoryNode;
}

/** Emscripten's MEMFS. Nodes refer to the tables in `ops_table`, so a function replaced there is replaced for all. */
export interface MemoryFileSystem {
  createNode(parent: MemoryNode, name: string, mode: number, device: number): MemoryNode;
  readonly ops_table: {
    readonly dir: {
      readonly node: {
        getattr(node: MemoryNode): FileAttributes;
        unlink(parent: MemoryNode, name: string): void;
      };
    };
    readonly file: {
      readonly node: { getattr(node: MemoryNode): FileAttributes };
      readonly stream: {
        write(
          file: OpenFile,
          from: Uint8Array,
          offset: number,
          length: number,
          position: number,
          canOwn?: boolean,
        ): number;
      };
    };
  };
}

export interface FileSystem {
  mkdirTree(path: string, mode?: number): void;
  writeFile(path: string, data: Uint8Array | string): void;
  unlink(path: string): void;
  chmod(path: string, mode: number): void;
  lookupPath(path: string): { readonly node: MemoryNode };
  createDevice(parent: string, name: string, input: () => number): void;
}

/** What this project uses of the Emscripten module that PGlite makes of PostgreSQL. */
export interface PostgresModule {
  readonly FS: FileSystem;
  readonly MEMFS: MemoryFileSystem;
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  FS_createDataFile: (path: string) => void;
  addFunction(call: (...args: number[]) => number, signature: string): number;
  stackSave(): number;
  stackRestore(pointer: number): void;
  callMain(args: readonly string[]): number;
  _PostgresMainLoopOnce(): void;
  _PostgresMainLongJmp(): void;
  _PostgresSendReadyForQueryIfNecessary(): void;
  _pgl_pq_flush(): void;
  _pgl_set_rw_cbs(read: number, write: number): void;
  _pgl_set_popen_fn(popen: number): void;
  _pgl_set_system_fn(system: number): void;
  _pgl_setPGliteActive(active: number): number;
  _pgl_startPGlite(): void;
  _pgl_run_atexit_funcs(): void;
  _pq_buffer_remaining_data(): number;
}

/** What this project uses of the WebAssembly instance itself. Variables are exported as their addresses. */
export interface PostgresExports {
  readonly MyProc: WebAssembly.Global;
  readonly MyBackendType: WebAssembly.Global;
  readonly InterruptPending: WebAssembly.Global;
  readonly QueryCancelPending: WebAssembly.Global;
  readonly ConfigReloadPending: WebAssembly.Global;
  /** Addresses of a setting's name and value, a GucContext and a GucSource. */
  SetConfigOption(name: number, value: number, context: number, source: number): void;
  readonly pgBufferUsage: WebAssembly.Global;
  readonly pgWalUsage: WebAssembly.Global;
  readonly BufferDescriptors: WebAssembly.Global;
  readonly NBuffers: WebAssembly.Global;
  /** With the address of a TimeLineID to fill in, or 0. */
  GetFlushRecPtr(timeline: number): bigint;
  XLogFlush(upTo: bigint): void;
  /** A setting's text by its name (an address); 0 where there is none. */
  GetConfigOption(name: number, missingOk: number, restrictPrivileged: number): number;
  _emscripten_stack_alloc(bytes: number): number;
  /** The address of the word that says where memory in use ends. */
  emscripten_get_sbrk_ptr(): number;
  __errno_location(): number;
}

/** The compiled PostgreSQL and the files it needs, cloneable to a worker. */
export interface EngineParts {
  readonly wasm: WebAssembly.Module;
  /** Tar of PostgreSQL's program files (share, lib). */
  readonly bundle: ArrayBuffer;
  /** Tar of the template data directory, with `addresses.json`. */
  readonly template: ArrayBuffer;
}
