import { PGlite } from '@electric-sql/pglite';
import { amcheck } from '@electric-sql/pglite/contrib/amcheck';
import { pg_walinspect } from '@electric-sql/pglite/contrib/pg_walinspect';
import { readTar, writeTar } from '../../../src/engine/tar.ts';
import { FIRST_TIMELINE, type Lsn, lsn, parseLsn } from '../../../src/postgres/lsn.ts';
import { type WalBytes, WalStore, walFiles } from '../../../src/postgres/wal/wal-store.ts';

const SETTINGS = [
  'wal_level=replica',
  'max_prepared_transactions=10',
  'shared_buffers=4MB',
  'wal_buffers=256kB',
  'max_connections=10',
  'min_wal_size=2MB',
  'max_wal_size=64MB',
  'wal_recycle=off',
  'wal_keep_size=64MB',
  'autovacuum=off',
  'log_min_messages=log',
];
const WAL_DIRECTORY = '/pglite/data/pg_wal';

/** Files of a server at a checkpoint, with its WAL. */
export type Base = Blob;

/** A real PostgreSQL of a test, and what it logged. */
export class TestServer {
  readonly db: PGlite;
  readonly log: readonly string[];

  private constructor(db: PGlite, log: readonly string[]) {
    this.db = db;
    this.log = log;
  }

  /** A new data directory, kept small so that later boots are fast. */
  static async create(): Promise<TestServer> {
    const server = await TestServer.boot();
    for (const sql of [
      'create extension pg_walinspect',
      'create extension amcheck',
      'update pg_database set datistemplate = false',
      'drop database template0',
      'drop database template1',
      'checkpoint',
      'select pg_switch_wal()',
      'checkpoint',
      'checkpoint',
    ]) {
      await server.db.query(sql);
    }
    return server;
  }

  /** Boots from a base's files, with other WAL in place of its own if given. */
  static async boot(
    base?: Base,
    wal?: ReadonlyMap<string, Uint8Array>,
    settings: readonly string[] = [],
  ): Promise<TestServer> {
    const log: string[] = [];
    const onStderr = (line: string): boolean => {
      log.push(line);
      return false;
    };
    const db = await PGlite.create({
      ...(base ? { loadDataDir: wal ? await withWal(base, wal) : base } : {}),
      initDbStartParams: [
        '--wal-segsize=1',
        '--username=postgres',
        '--locale=C.UTF-8',
        '--encoding=UTF8',
      ],
      postgresqlconf: [...SETTINGS, ...settings],
      extensions: { pg_walinspect, amcheck },
      onStderr,
    });
    return new TestServer(db, log);
  }

  /** Runs statements; the last one's rows, as text. */
  async rows(sql: string): Promise<string[][]> {
    const results = await this.db.exec(sql, { rowMode: 'array' });
    return (results.at(-1)?.rows ?? []).map((row) => (row as unknown as unknown[]).map(String));
  }

  async value(sql: string): Promise<string> {
    return (await this.rows(sql))[0]?.[0] ?? '';
  }

  /** The end of the last record. */
  async insertLsn(): Promise<Lsn> {
    return parseLsn(await this.value('select pg_current_wal_insert_lsn()'));
  }

  /** Files right after a checkpoint. */
  async checkpointedBase(): Promise<Base> {
    await this.db.exec('checkpoint');
    return this.db.dumpDataDir('none');
  }

  /** All WAL that the server has, from its oldest segment to its flush position. */
  async wal(): Promise<WalStore> {
    const end = parseLsn(await this.value('select pg_current_wal_flush_lsn()'));
    const { FS } = this.db.Module;
    const names: string[] = FS.readdir(WAL_DIRECTORY).filter(isSegment).sort();
    const start = segmentStart(names[0] as string);
    const store = new WalStore(FIRST_TIMELINE, start);
    for (const name of names) {
      const from = segmentStart(name);
      if (from < end)
        store.append(from, FS.readFile(`${WAL_DIRECTORY}/${name}`).subarray(0, end - from));
    }
    return store;
  }

  /** Boots from a base's files and replays WAL to its end, as after a crash. */
  static async replay(base: Base, wal: WalBytes): Promise<TestServer> {
    return TestServer.boot(base, walFiles(wal));
  }

  /** Log lines that speak of trouble; meeting the zeros after the end of WAL is none. */
  get complaints(): string[] {
    const trouble = /WARNING|ERROR|FATAL|PANIC|invalid|incorrect|unexpected/;
    const endOfWal =
      /invalid record length at .*: expected at least 24, got 0|invalid magic number 0000/;
    return this.log.filter((line) => trouble.test(line) && !endOfWal.test(line));
  }

  async close(): Promise<void> {
    await this.db.close();
  }
}

const isSegment = (name: string): boolean => /^[0-9A-F]{24}$/.test(name);

const segmentStart = (name: string): Lsn =>
  lsn(
    (Number.parseInt(name.slice(8, 16), 16) * 4096 + Number.parseInt(name.slice(16), 16)) * 2 ** 20,
  );

async function withWal(base: Base, wal: ReadonlyMap<string, Uint8Array>): Promise<Blob> {
  const entries = [...readTar(new Uint8Array(await base.arrayBuffer()))].filter(
    ({ path }) => !isSegment(path.split('/').at(-1) as string),
  );
  for (const [name, data] of wal) entries.push({ path: `/pg_wal/${name}`, bytes: data });
  return new Blob([writeTar(entries)], { type: 'application/x-tar' });
}
