/** Which files of a data directory a base backup has: the lists of basebackup.c. */

/** Directories that are there, and empty. */
const EMPTY = [
  'pg_stat_tmp',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_subtrans',
];

const LEFT_OUT =
  /^(?:postgresql\.auto\.conf\.tmp|current_logfiles(?:\.tmp)?|pg_internal\.init.*|postmaster\.(?:pid|opts)|pgsql_tmp.*)$/;

const INIT = '_init';

/** A relation's file: its directory with its number, its fork, its part. */
const RELATION = /^((?:base|global|pg_tblspc)\/.*?\d+)(_fsm|_vm|_init)?(?:\.\d+)?$/;

/** The files of a backup that is taken without WAL, by their paths from the data directory. */
export function backedUp(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  return new Map([...files].filter(([path]) => isBackedUp(path, files)));
}

function isBackedUp(path: string, files: ReadonlyMap<string, Uint8Array>): boolean {
  const [directory = ''] = path.split('/');
  if (directory === 'pg_wal' || EMPTY.includes(directory)) return false;
  if (LEFT_OUT.test(path.slice(path.lastIndexOf('/') + 1))) return false;
  // Of an unlogged relation there is only what it begins with after a crash.
  const [, relation = '', fork = ''] = RELATION.exec(path) ?? [];
  return relation === '' || fork === INIT || !files.has(`${relation}${INIT}`);
}
