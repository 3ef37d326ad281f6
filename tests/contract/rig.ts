import { expect } from 'vitest';
import type { BaseBackup, Server, SqlEngine, WalSource } from '../../src/cluster/sql-engine.ts';
import { type Lsn, lsn } from '../../src/postgres/lsn.ts';
import { type Instant, instant } from '../../src/sim/instant.ts';

export const at = (second: number): Instant => instant(second * 1_000_000);

/** The WAL that servers have written since a base, collected as a node's WAL store does. */
export class TakenWal {
  readonly #base: BaseBackup;
  #bytes = new Uint8Array();

  constructor(base: BaseBackup) {
    this.#base = base;
  }

  /** Takes what is new; says where it ends. */
  take(server: Server): Lsn {
    const { from, bytes } = server.takeWal();
    expect(from).toBe(this.end);
    const joined = new Uint8Array(this.#bytes.length + bytes.length);
    joined.set(this.#bytes);
    joined.set(bytes, this.#bytes.length);
    this.#bytes = joined;
    return this.end;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get end(): Lsn {
    return lsn(this.#base.endLsn + this.#bytes.length);
  }

  /** It up to a position, as a source to boot from. */
  upTo(end: Lsn = this.end): WalSource {
    const { endLsn: start, timeline } = this.#base;
    return {
      timeline,
      start,
      end,
      read: (from, to) => this.#bytes.subarray(from - start, to - start),
    };
  }
}

/** Servers of an engine, for a test. */
export class Rig {
  readonly engine: SqlEngine;
  readonly #servers: Server[] = [];

  constructor(engine: SqlEngine) {
    this.engine = engine;
  }

  /** A new cluster's primary, and a store for its WAL. */
  async primary(): Promise<{ server: Server; wal: TakenWal }> {
    const wal = new TakenWal(this.engine.template);
    return { server: await this.restart(wal.upTo()), wal };
  }

  restart(wal: WalSource, base = this.engine.template): Promise<Server> {
    return this.#keep(this.engine.boot(this.#options(base, wal)));
  }

  standby(wal: WalSource, base = this.engine.template): Promise<Server> {
    return this.#keep(this.engine.materialize({ ...this.#options(base, wal), role: 'standby' }));
  }

  async #keep(booting: Promise<Server>): Promise<Server> {
    const server = await booting;
    this.#servers.push(server);
    return server;
  }

  #options(base: BaseBackup, wal: WalSource) {
    return { base, wal, settings: {}, at: at(0), seed: 7 };
  }

  closeAll(): void {
    for (const server of this.#servers.splice(0)) server.close();
  }
}

/** Runs SQL that must succeed. */
export function run(server: Server, sql: string, second = 0): void {
  expect(server.execute(sql, at(second)).error).toBeNull();
}

/** The first value of the last statement's rows. */
export function value(server: Server, sql: string, second = 0): string | null | undefined {
  const { results, error } = server.execute(sql, at(second));
  expect(error).toBeNull();
  return results.at(-1)?.rows[0]?.[0];
}
