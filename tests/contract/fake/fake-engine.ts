import type {
  BaseBackup,
  BootOptions,
  CopyOptions,
  PromoteOptions,
  Server,
  SqlEngine,
} from '../../../src/cluster/sql-engine.ts';
import { loadParser } from '../../../src/cluster/sql-text.ts';
import {
  FIRST_TIMELINE,
  formatLsn,
  type Lsn,
  lsn,
  type TimelineId,
} from '../../../src/postgres/lsn.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from '../../../src/postgres/wal/page.ts';
import { readRecords, XlogOperation } from '../../../src/postgres/wal/record-reader.ts';
import { START } from '../../../src/sim/instant.ts';
import { afterCrash, type Database, EMPTY, redo } from './database.ts';
import { FakeServer } from './fake-server.ts';
import { FakeSettings } from './settings.ts';
import { WalWriter } from './wal-writer.ts';

/** Where the WAL of a new data directory begins. */
const FIRST_SEGMENT = lsn(5 * WAL_SEGMENT_SIZE);

/**
 * An engine without PostgreSQL, for what a cluster does with its servers and their WAL: rows, transactions and prepared
 * transactions as data, a handful of statements. What it does not know it refuses; see `parts.ts` for what it offers.
 */
export class FakeEngine implements SqlEngine {
  readonly template: BaseBackup;
  readonly #databases = new WeakMap<BaseBackup, Database>();
  #lastId = 0;

  static async open(): Promise<SqlEngine> {
    await loadParser();
    return new FakeEngine();
  }

  private constructor() {
    this.template = this.templateAt(FIRST_SEGMENT);
  }

  templateAt(start: Lsn): BaseBackup {
    if (startOfSegment(start) !== start)
      throw new RangeError(`${formatLsn(start)} starts no segment of WAL`);
    const server = serverOf(EMPTY, new WalWriter(FIRST_TIMELINE, start, lsn(0)));
    server.writeCheckpoint(XlogOperation.checkpointShutdown, undefined, undefined, START);
    return this.keepBase(server);
  }

  async boot(options: BootOptions): Promise<Server> {
    const recovered = this.#recover(options);
    requireAll(recovered, options);
    const server = serverOf(afterCrash(recovered.database), recovered.writer(), options);
    if (options.wal.end > options.base.endLsn) endRecovery(server, options);
    return server;
  }

  async promote(options: PromoteOptions): Promise<Server> {
    const recovered = this.#recover(options);
    requireAll(recovered, options);
    const writer = recovered.writer(options.timeline);
    const server = serverOf(afterCrash(recovered.database), writer, options);
    endRecovery(server, options);
    return server;
  }

  async materialize(options: CopyOptions): Promise<Server> {
    const recovered = this.#recover(options);
    return new FakeServer({
      database: afterCrash(recovered.database),
      wal: recovered.writer(),
      settings: settingsOf(options),
      isStandby: options.role === 'standby',
      locked: options.locked ?? [],
    });
  }

  keepBase(server: Server): BaseBackup {
    if (!(server instanceof FakeServer)) throw new TypeError('not a server of this engine');
    const { timeline, insertLsn: endLsn } = server.walPosition();
    const { redoLsn } = server.checkpoint();
    const base: BaseBackup = { id: this.#lastId++, redoLsn, endLsn, timeline };
    this.#databases.set(base, server.database);
    return base;
  }

  baseFiles(): never {
    throw new Error(NO_FILES);
  }

  withBaseFile(): never {
    throw new Error(NO_FILES);
  }

  recoverFromArchive(): never {
    throw new Error(NO_FILES);
  }

  /** Replays up to the first record that is not whole, as PostgreSQL does. */
  #recover({ base, wal }: BootOptions): Recovered {
    const from = this.#databases.get(base);
    if (!from) throw new TypeError(`base ${base.id} is none of this engine`);
    if (wal.end < base.endLsn) {
      const [end, least] = [wal.end, base.endLsn].map(formatLsn);
      throw new RangeError(`a base that ends at ${least} cannot show the server as of ${end}`);
    }
    let database = from;
    let end = base.endLsn;
    for (const record of readRecords(wal, base.endLsn, wal.end)) {
      if (!record.isIntact || record.prev !== database.lastRecord) break;
      database = redo(database, record);
      end = record.endLsn;
    }
    return {
      database,
      end,
      writer: (timeline = base.timeline) => new WalWriter(timeline, end, database.lastRecord),
    };
  }
}

const NO_FILES = 'the fake engine has no files, and restores no backup of them';

interface Recovered {
  readonly database: Database;
  readonly end: Lsn;
  /** For what is written after it. */
  writer(timeline?: TimelineId): WalWriter;
}

/** A server that goes on writing must have replayed all: else its WAL would not continue what its node has. */
function requireAll({ end }: Recovered, { wal }: BootOptions): void {
  if (end !== wal.end)
    throw new RangeError(
      `WAL is whole up to ${formatLsn(end)}, and should be up to ${formatLsn(wal.end)}`,
    );
}

function serverOf(database: Database, wal: WalWriter, options?: BootOptions): FakeServer {
  return new FakeServer({
    database,
    wal,
    settings: options ? settingsOf(options) : new FakeSettings({}, ''),
    isStandby: false,
    locked: [],
  });
}

const settingsOf = ({ settings, alteredSettings = '' }: BootOptions): FakeSettings =>
  new FakeSettings(settings, alteredSettings);

const endRecovery = (server: FakeServer, { base, at }: BootOptions): void =>
  server.writeCheckpoint(XlogOperation.checkpointShutdown, undefined, base.timeline, at);
