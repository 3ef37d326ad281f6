import type { ArchiveRecovery, ArchiveRecoveryOptions } from '../cluster/archive-recovery.ts';
import type {
  BaseBackup,
  BootOptions,
  CopyOptions,
  PromoteOptions,
  Server,
  SqlEngine,
  WalSource,
} from '../cluster/sql-engine.ts';
import { formatLsn, type Lsn } from '../postgres/lsn.ts';
import { WAL_SEGMENT_SIZE } from '../postgres/wal/page.ts';
import { type EngineInstance, recoverFromArchive } from './archive-recovery.ts';
import { CONTROL_FILE, markRunning, readControlFile } from './control-file.ts';
import {
  collect,
  DATA_DIRECTORY,
  type FileSet,
  fileSetOfTar,
  filesFrom,
  withFile,
} from './data-directory.ts';
import { Host } from './host.ts';
import { Instance } from './instance.ts';
import { MemoryPool } from './memory-pool.ts';
import { moveWal } from './moved-wal.ts';
import type { EngineParts } from './postgres-module.ts';
import { PROMOTION_SETTINGS, promotionFiles, SETTINGS_AFTER } from './promotion.ts';
import { lockForReplay } from './replay-locks.ts';
import { PgliteServer } from './server.ts';
import { configurationFiles } from './settings.ts';
import { readTemplate } from './template.ts';
import { segmentPath, segmentsOf, withFiles, withoutWalBefore } from './wal-files.ts';

/** Makes the engine of its parts. Servers keep to the virtual time they are given, and leave the realm's own clock alone. */
export const openEngine = async (parts: EngineParts): Promise<SqlEngine> => new PgliteEngine(parts);

export class PgliteEngine implements SqlEngine {
  readonly template: BaseBackup;
  readonly #instance: EngineInstance;
  readonly #catalog: string;
  /** The files of bases, their own WAL among them; gone with the last who knows the base. */
  readonly #files = new WeakMap<BaseBackup, FileSet>();
  readonly #moved = new Map<Lsn, BaseBackup>();
  #lastId = 0;

  constructor(parts: EngineParts) {
    const { files, addresses, linkage, endLsn, catalog } = readTemplate(
      new Uint8Array(parts.template),
    );
    this.#catalog = catalog;
    this.#instance = {
      wasm: parts.wasm,
      memories: new MemoryPool(),
      addresses,
      linkage,
      programs: fileSetOfTar(new Uint8Array(parts.bundle)),
    };
    this.template = this.#keep(files, endLsn);
  }

  templateAt(start: Lsn): BaseBackup {
    const known = this.#moved.get(start);
    if (known) return known;
    const files = this.#files.get(this.template) as FileSet;
    const { moved, endLsn } = moveWal(files, this.template.timeline, start);
    const base = this.#keep(moved, endLsn);
    this.#moved.set(start, base);
    return base;
  }

  boot(options: BootOptions): Promise<Server> {
    return this.#start(options);
  }

  async promote(options: PromoteOptions): Promise<Server> {
    const { base, timeline, settings, alteredSettings = '', at } = options;
    const server = await this.#start(
      { ...options, settings: { ...settings, ...PROMOTION_SETTINGS } },
      [...promotionFiles(base.timeline, timeline)],
      timeline,
    );
    server.configure(settings, alteredSettings, at, SETTINGS_AFTER);
    return server;
  }

  async materialize(options: CopyOptions): Promise<Server> {
    const server = await this.#start(options);
    if (options.locked?.length) lockForReplay(server, options.locked, options.at);
    if (options.role === 'standby') server.instance.enterRecovery();
    return server;
  }

  keepBase(server: Server): BaseBackup {
    if (!(server instanceof PgliteServer)) throw new TypeError('not a server of this engine');
    const endLsn = server.flushWal();
    return this.#keep(collect(server.instance.module, DATA_DIRECTORY), endLsn);
  }

  baseFiles(base: BaseBackup): ReadonlyMap<string, Uint8Array> {
    return filesFrom(DATA_DIRECTORY, this.#filesOf(base));
  }

  withBaseFile(base: BaseBackup, path: string, bytes: Uint8Array | null): BaseBackup {
    const changed: BaseBackup = { ...base, id: this.#lastId++ };
    this.#files.set(changed, withFile(this.#filesOf(base), `${DATA_DIRECTORY}/${path}`, bytes));
    return changed;
  }

  recoverFromArchive(options: ArchiveRecoveryOptions): Promise<ArchiveRecovery> {
    return recoverFromArchive(this.#instance, this.#filesOf(options.base), this.#catalog, options);
  }

  #keep(files: FileSet, endLsn: Lsn): BaseBackup {
    const { checkpoint, timeline } = readControlFile(controlFileOf(files));
    const { redoLsn } = checkpoint;
    const base: BaseBackup = { id: this.#lastId++, redoLsn, endLsn, timeline };
    this.#files.set(base, withoutWalBefore(files, redoLsn));
    return base;
  }

  #filesOf(base: BaseBackup): FileSet {
    const files = this.#files.get(base);
    if (!files) throw new TypeError(`base ${base.id} is none of this engine`);
    return files;
  }

  /** `more` files make it end recovery on another timeline than that of its base. */
  async #start(
    options: BootOptions,
    more: readonly (readonly [string, Uint8Array])[] = [],
    timeline = options.base.timeline,
  ): Promise<PgliteServer> {
    const { base, wal, settings, at, seed } = options;
    const files = this.#filesOf(base);
    if (wal.end < base.endLsn) {
      const [end, least] = [wal.end, base.endLsn].map(formatLsn);
      throw new RangeError(`a base that ends at ${least} cannot show the server as of ${end}`);
    }
    const instance = await Instance.start({
      ...this.#instance,
      host: new Host(seed, at),
      data: withFiles(files, [
        ...configurationFiles(settings, options.alteredSettings ?? ''),
        ...walFiles(files, base.endLsn, wal),
        ...(wal.end > base.endLsn || more.length > 0 ? runningControlFile(files) : []),
        ...more,
      ]),
    });
    return new PgliteServer(instance, {
      timeline,
      start: wal.end,
      catalog: this.#catalog,
    });
  }
}

/** The segments in which the WAL after a base's own lies. */
function* walFiles({ files }: FileSet, from: Lsn, wal: WalSource): Generator<[string, Uint8Array]> {
  for (const part of segmentsOf(from, wal.end)) {
    const path = segmentPath(wal.timeline, part.start);
    const segment = new Uint8Array(WAL_SEGMENT_SIZE);
    const own = files.get(path);
    if (own) segment.set(own.subarray(0, part.from - part.start));
    segment.set(wal.read(part.from, part.to), part.from - part.start);
    yield [path, segment];
  }
}

/** The control file of a server that was running when it was last heard of, which makes PostgreSQL replay its WAL. */
const runningControlFile = (files: FileSet): [string, Uint8Array][] => [
  [CONTROL_FILE, markRunning(controlFileOf(files))],
];

function controlFileOf({ files }: FileSet): Uint8Array {
  const bytes = files.get(CONTROL_FILE);
  if (!bytes) throw new Error(`no ${CONTROL_FILE} in the data directory`);
  return bytes;
}
