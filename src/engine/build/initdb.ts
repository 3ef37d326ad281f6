import crypto from 'node:crypto';
import { EPOCH_MS } from '../../postgres/epoch.ts';
import { collect, DATA_DIRECTORY, type FileSet } from '../data-directory.ts';
import type { PostgresModule } from '../postgres-module.ts';

/** PostgreSQL's program files as PGlite brings them, and a new data directory. */
export interface Installation {
  readonly home: FileSet;
  readonly programs: FileSet;
  readonly data: FileSet;
}

/**
 * Runs PGlite's initdb so that it gives the same bytes each time: it takes time and randomness from the host, so both
 * are replaced in this process meanwhile.
 */
export async function initdb(): Promise<Installation> {
  const { now } = Date;
  const { randomFillSync } = crypto;
  Date.now = () => EPOCH_MS;
  crypto.randomFillSync = (<T extends NodeJS.ArrayBufferView>(view: T): T => {
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).fill(0x5b);
    return view;
  }) as typeof randomFillSync;
  try {
    const { PGlite } = await import('@electric-sql/pglite');
    const pglite = await PGlite.create({
      initDbStartParams: ['--wal-segsize=1', '--username=postgres'],
    });
    const module = pglite.Module as unknown as PostgresModule;
    module._pgl_setPGliteActive(0);
    module._pgl_run_atexit_funcs();
    return {
      home: collect(module, '/home/postgres'),
      programs: collect(module, '/pglite'),
      data: collect(module, DATA_DIRECTORY),
    };
  } finally {
    Date.now = now;
    crypto.randomFillSync = randomFillSync;
  }
}
