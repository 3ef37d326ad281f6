import { FIRST_TIMELINE, formatLsn, type Lsn, lsn } from '../../postgres/lsn.ts';
import { START } from '../../sim/instant.ts';
import type { Addresses } from '../addresses.ts';
import { catalogFingerprintSql, catalogStatements } from '../catalog/index.ts';
import { CONTROL_FILE, readControlFile } from '../control-file.ts';
import { collect, DATA_DIRECTORY, type FileSet } from '../data-directory.ts';
import { Host } from '../host.ts';
import { Instance } from '../instance.ts';
import { findLinkage, type Linkage } from '../linkage.ts';
import { MemoryPool } from '../memory-pool.ts';
import { PgliteServer } from '../server.ts';
import { configurationFiles } from '../settings.ts';
import type { Template } from '../template.ts';
import { withFiles, withoutWalBefore } from '../wal-files.ts';
import { beforeProbing, type CodeAddresses, probe, type Run } from './probe.ts';

/** Makes a data directory small: a cluster here has one database, and nobody creates another. */
const SHRINK = [
  'update pg_database set datistemplate = false',
  'drop database template0',
  'drop database template1',
  'vacuum (full, freeze, analyze)',
  // Each catalog's rewrite left dead rows in pg_class: else the first queries of every cluster would prune them, and write WAL.
  'vacuum (freeze)',
  'checkpoint',
  'select pg_switch_wal()',
];

interface Ingredients {
  readonly wasm: WebAssembly.Module;
  readonly programs: FileSet;
  /** As initdb made it. */
  readonly data: FileSet;
  readonly code: CodeAddresses;
}

type Parts = Omit<Ingredients, 'code'> & { readonly linkage?: Linkage | null };

const librariesOf = ({ files }: FileSet) =>
  [...files].flatMap(([path, bytes]) => (path.endsWith('.so') ? [new Uint8Array(bytes)] : []));

/** The data directory that every cluster starts from, and the addresses, each verified on a server of it. */
export async function buildTemplate({ code, ...parts }: Ingredients): Promise<Template> {
  const unprobed = beforeProbing(code);
  const prepared = await Builder.start(parts, unprobed, ['-O']);
  for (const sql of [...catalogStatements(), ...SHRINK]) prepared.run(sql);
  // The first server of a data directory sets hint bits, which goes into the WAL; no cluster should begin with that.
  const warmed = await Builder.start({ ...parts, data: prepared.shutDown() }, unprobed);
  const files = warmed.shutDown();

  const probed = await Builder.start({ ...parts, data: files }, unprobed);
  const { exports, imports } = probed.instance;
  const linkage = findLinkage({ ...exports }, imports, librariesOf(parts.programs));
  const addresses = probe(probed.instance, probed.run);

  const verified = await Builder.start({ ...parts, data: files, linkage }, addresses);
  const catalog = verified.run(catalogFingerprintSql)[0]?.[0];
  if (!catalog) throw new Error('the catalog has no fingerprint');
  return { files, addresses, linkage, endLsn: verify(verified), catalog };
}

/** Holds what the addresses say against PostgreSQL's own answers; says where the WAL of a fresh server ends. */
function verify({ server, run }: Builder): Lsn {
  const sameAs = (what: string, ours: unknown, sql: string): void => {
    const theirs = run(`select ${sql}`)[0]?.[0];
    if (String(ours) !== theirs)
      throw new Error(`${what}: ${ours} read from memory, ${theirs} by SQL`);
  };
  const { insertLsn, flushLsn } = server.walPosition();
  if (insertLsn !== flushLsn) throw new Error('a server of the template writes WAL when it starts');
  sameAs('insert position', formatLsn(insertLsn), 'pg_current_wal_insert_lsn()');
  run('begin; create table verify (id int)');
  sameAs('xid', server.walPosition().xid, 'pg_current_xact_id()');
  sameAs(
    'insert position',
    formatLsn(server.walPosition().insertLsn),
    'pg_current_wal_insert_lsn()',
  );
  run('commit');
  sameAs('flush position', formatLsn(server.walPosition().flushLsn), 'pg_current_wal_flush_lsn()');
  run('begin isolation level repeatable read; select 1');
  sameAs('xmin', server.walPosition().xmin, 'pg_snapshot_xmin(pg_current_snapshot())');
  run('commit');
  const horizon = Number(run('select pg_snapshot_xmin(pg_current_snapshot())')[0]?.[0]);
  run('create table stood_on (id int); insert into stood_on values (1), (2)');
  run('begin; declare c cursor for select * from stood_on; fetch c');
  sameAs(
    'pages that a cursor stands on',
    server.pinnedPages().map(({ relNumber, block }) => `${relNumber}/${block}`),
    "pg_relation_filenode('stood_on') || '/0'",
  );
  run('commit');
  run('create table held (id int); insert into held values (1); delete from held');
  server.holdHorizon(horizon);
  run('vacuum held');
  sameAs('size of a table whose only row is dead but held', 8192, "pg_relation_size('held')");
  server.holdHorizon(null);
  run('vacuum held');
  sameAs('size of a table that is empty', 0, "pg_relation_size('held')");
  server.instance.enterRecovery();
  const { error } = server.execute('insert into verify values (1)', START);
  if (error?.message !== 'cannot execute INSERT in a read-only transaction') {
    throw new Error(`a server in recovery mode let an INSERT pass: ${error?.message}`);
  }
  return insertLsn;
}

/** A server of which every statement must succeed. */
class Builder {
  readonly instance: Instance;
  readonly server: PgliteServer;

  private constructor(instance: Instance) {
    this.instance = instance;
    this.server = new PgliteServer(instance, {
      timeline: FIRST_TIMELINE,
      start: lsn(0),
      catalog: '',
    });
  }

  static async start(
    { wasm, programs, data, linkage = null }: Parts,
    addresses: Addresses,
    extraParameters: readonly string[] = [],
  ): Promise<Builder> {
    return new Builder(
      await Instance.start({
        wasm,
        memories: new MemoryPool(),
        programs,
        data: withFiles(data, configurationFiles({}, '')),
        host: new Host(0, START),
        addresses,
        linkage,
        extraParameters,
      }),
    );
  }

  readonly run: Run = (sql, onLockWait) => {
    const onWait = () => {
      onLockWait?.();
      return 'cancel' as const;
    };
    const { results, error } = this.server.execute(sql, START, { onWait });
    if (error && !(onLockWait && error.sqlstate === '57014')) {
      throw new Error(`${error.message}\nwhile running: ${sql}`);
    }
    return results.flatMap(({ rows }) => rows.map((row) => [...row]));
  };

  shutDown(): FileSet {
    this.instance.shutDown();
    const files = collect(this.instance.module, DATA_DIRECTORY);
    const control = files.files.get(CONTROL_FILE);
    if (!control) throw new Error(`no ${CONTROL_FILE} after shutdown`);
    return withoutWalBefore(files, readControlFile(control).checkpoint.redoLsn);
  }
}
