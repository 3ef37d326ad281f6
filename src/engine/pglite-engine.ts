import type {
  BaseBackup,
  BootOptions,
  Server,
  SqlEngine,
  WalSource,
} from '../cluster/sql-engine.ts';
import { formatLsn, type Lsn } from '../postgres/lsn.ts';
import { WAL_SEGMENT_SIZE } from '../postgres/wal/page.ts';
import type { Instant } from '../sim/instant.ts';
import type { Addresses } from './addresses.ts';
import { CONTROL_FILE, markRunning, readControlFile } from './control-file.ts';
import { collect, DATA_DIRECTORY, type FileSet, fileSetOfTar } from './data-directory.ts';
import { Host } from './host.ts';
import { Instance } from './instance.ts';
import { MemoryPool } from './memory-pool.ts';
import type { EngineParts } from './postgres-module.ts';
import { PgliteServer } from './server.ts';
import { configurationFiles } from './settings.ts';
import { readTemplate } from './template.ts';
import { segmentPath, segmentsOf, withFiles, withoutWalBefore } from './wal-files.ts';

/** The files of a base; its own WAL, from its checkpoint on, is among them. */
interface KeptBase {
  readonly files: FileSet;
  readonly backup: BaseBackup;
}

/** Makes the engine of its parts. Servers keep to the virtual time they are given, and leave the realm's own clock alone. */
export const openEngine = async (parts: EngineParts): Promise<SqlEngine> => new PgliteEngine(parts);

export class PgliteEngine implements SqlEngine {
  readonly template: BaseBackup;
  readonly #wasm: WebAssembly.Module;
  readonly #addresses: Addresses;
  readonly #programs: FileSet;
  readonly #memories = new MemoryPool();
  readonly #bases: KeptBase[] = [];

  constructor(parts: EngineParts) {
    this.#wasm = parts.wasm;
    this.#programs = fileSetOfTar(new Uint8Array(parts.bundle));
    const { files, addresses, endLsn } = readTemplate(new Uint8Array(parts.template));
    this.#addresses = addresses;
    this.template = this.#keep(files, endLsn);
  }

  boot(options: BootOptions): Promise<Server> {
    return this.#start(options);
  }

  async materialize(
    options: BootOptions & { readonly role: 'primary' | 'standby' },
  ): Promise<Server> {
    const server = await this.#start(options);
    if (options.role === 'standby') server.instance.enterRecovery();
    return server;
  }

  keepBase(server: Server, at: Instant): BaseBackup {
    if (!(server instanceof PgliteServer)) throw new TypeError('not a server of this engine');
    const { error } = server.execute('CHECKPOINT', at);
    if (error) throw new Error(`CHECKPOINT for a base failed: ${error.message}`);
    const endLsn = server.flushWal();
    return this.#keep(collect(server.instance.module, DATA_DIRECTORY), endLsn);
  }

  #keep(files: FileSet, endLsn: Lsn): BaseBackup {
    const control = files.files.get(CONTROL_FILE);
    if (!control) throw new Error(`no ${CONTROL_FILE} in the base`);
    const { redoLsn, timeline } = readControlFile(control);
    const backup = { id: this.#bases.length, redoLsn, endLsn, timeline };
    this.#bases.push({ backup, files: withoutWalBefore(files, redoLsn) });
    return backup;
  }

  async #start(options: BootOptions): Promise<PgliteServer> {
    const { base, wal, settings, at, seed } = options;
    const kept = this.#bases[base.id];
    if (!kept) throw new RangeError(`no base with id ${base.id}`);
    const { endLsn } = kept.backup;
    if (wal.end < endLsn) {
      const [end, least] = [wal.end, endLsn].map(formatLsn);
      throw new RangeError(`a base that ends at ${least} cannot show the server as of ${end}`);
    }
    const instance = await Instance.start({
      wasm: this.#wasm,
      memories: this.#memories,
      host: new Host(seed, at),
      addresses: this.#addresses,
      programs: this.#programs,
      data: withFiles(kept.files, [
        ...configurationFiles(settings, options.alteredSettings ?? ''),
        ...walFiles(kept, wal),
        ...crashMarks(kept, wal),
      ]),
    });
    return new PgliteServer(instance, base.timeline, wal.end);
  }
}

/** The segments that the WAL after the base's own lies in. */
function* walFiles({ files, backup }: KeptBase, wal: WalSource): Generator<[string, Uint8Array]> {
  for (const part of segmentsOf(backup.endLsn, wal.end)) {
    const path = segmentPath(wal.timeline, part.start);
    const segment = new Uint8Array(WAL_SEGMENT_SIZE);
    const own = files.files.get(path);
    if (own) segment.set(own.subarray(0, part.from - part.start));
    segment.set(wal.read(part.from, part.to), part.from - part.start);
    yield [path, segment];
  }
}

/** A server that has written WAL was running: its control file says so, which makes PostgreSQL replay that WAL. */
function* crashMarks({ files, backup }: KeptBase, wal: WalSource): Generator<[string, Uint8Array]> {
  const control = files.files.get(CONTROL_FILE);
  if (control && wal.end > backup.endLsn) yield [CONTROL_FILE, markRunning(control)];
}
