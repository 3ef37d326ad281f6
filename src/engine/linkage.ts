/**
 * What PostgreSQL's own libraries (plpgsql, pageinspect, …) link to in the main module. Emscripten's loader makes every exported
 * function linkable each time an instance is loaded: it reads the whole table of functions and enlarges it, place by place. Only a
 * fifth of them are ever linked to, and their places are always the same, so they are found once, when the template is built.
 */
export interface Linkage {
  /** Addresses by symbol, of those whose address is asked for: a function's is its place in the table. */
  readonly addresses: Readonly<Record<string, number>>;
  /** What is called or read by name. */
  readonly called: readonly string[];
  /** How long the table is when the loader has placed every exported function. */
  readonly tableLength: number;
}

/** The global offset table as the loader gives it to a module's imports: a variable for each symbol that is asked for. */
type OffsetTable = Readonly<Record<string, WebAssembly.Global>>;

const TABLE = '__indirect_function_table';
const MAIN = '__main_argc_argv';
/** The value of a variable whose symbol is not linked. */
const UNLINKED = -1;

const offsetTableOf = (imports: WebAssembly.Imports): OffsetTable =>
  imports['GOT.func'] as unknown as OffsetTable;

const tableOf = (exports: WebAssembly.Exports): WebAssembly.Table =>
  exports[TABLE] as WebAssembly.Table;

/** Reads what the loader has done in an instance that it loaded without being told. `libraries` are binaries. */
export function findLinkage(
  exports: WebAssembly.Exports,
  imports: WebAssembly.Imports,
  libraries: Iterable<Uint8Array<ArrayBuffer>>,
): Linkage {
  const offsets = offsetTableOf(imports);
  const addressOf = (symbol: string): number => Number(offsets[symbol]?.value);
  const wanted = [...libraries].flatMap((binary) =>
    WebAssembly.Module.imports(new WebAssembly.Module(binary)).filter(
      ({ name }) => name in exports,
    ),
  );
  const namesIn = (isAddress: boolean) =>
    wanted.flatMap(({ module, name }) => (module.startsWith('GOT.') === isAddress ? [name] : []));
  const placed = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
  return {
    addresses: Object.fromEntries(namesIn(true).map((name) => [name, addressOf(name)])),
    called: [...new Set([TABLE, ...namesIn(false)])],
    tableLength: Math.max(...placed.map(addressOf).filter((address) => address !== UNLINKED)) + 1,
  };
}

/**
 * Links an instance before the loader does, and gives the exports that the loader shall see: all can be had by name, but only
 * those whose address is asked for are found by going through them.
 */
export function link(
  exports: WebAssembly.Exports,
  imports: WebAssembly.Imports,
  { addresses, called, tableLength }: Linkage,
): WebAssembly.Exports {
  const env = imports.env as Record<string, WebAssembly.ImportValue | undefined>;
  for (const symbol of called) env[symbol] ??= exports[symbol];
  env.main ??= exports[MAIN];
  const offsets = offsetTableOf(imports);
  const table = tableOf(exports);
  const placed = table.length;
  table.grow(tableLength - placed);
  const shown: Record<string, WebAssembly.ExportValue | undefined> = {};
  for (const [symbol, address] of Object.entries(addresses)) {
    const exported = exports[symbol];
    shown[symbol] = exported;
    (offsets[symbol] as WebAssembly.Global).value = address;
    if (typeof exported === 'function' && address >= placed) table.set(address, exported);
  }
  return new Proxy(shown as WebAssembly.Exports, { get: (_, name) => exports[String(name)] });
}

/**
 * The loader reads the whole table when it first places a function of ours, to know each function's place. Nobody asks it for
 * those once they are linked, so meanwhile the table says that it is empty.
 */
export function hideTable(exports: WebAssembly.Exports): { readonly show: () => void } {
  const table = tableOf(exports);
  Object.defineProperty(table, 'length', { configurable: true, value: 0 });
  return { show: () => Reflect.deleteProperty(table, 'length') };
}
