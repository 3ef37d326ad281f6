import type { StatementView } from '../../cluster/cluster-view.ts';
import {
  type Client,
  type ClientWorld,
  drawLength,
  type Turn,
} from '../../cluster/workload/client.ts';
import type { GuestRead } from '../../grading/guest-read.ts';
import { formatLsn } from '../../postgres/lsn.ts';
import { after, between, type Duration, type Instant, ms, us } from '../../sim/instant.ts';
import type { Prng } from '../../sim/prng.ts';
import type { GuestApp } from './guest-app.ts';

/** How long guests look at the menu between two orders. */
export type Think = readonly [Duration, Duration];

/** She looks at once whether her order is there, and then again and again. */
const FIRST_LOOK: Think = [ms(30), ms(90)];
const NEXT_LOOK: Think = [ms(250), ms(900)];
const LOOKS: readonly [number, number] = [3, 5];
/** From the app to a node, the read there, and back: a model, the same for every node. */
const A_READ: Think = [ms(8), ms(16)];
/** A read that waits longer than this goes to the primary. */
const PATIENCE = ms(10_000);

/** What a read asks. */
const READ = (guest: string) =>
  `select count(*) as orders, count(*) filter (where guest = '${guest}') as hers from orders`;

/** A read under way: wanted at an instant, sent to a node, answered a while later. */
interface Looking {
  readonly askedAt: Instant;
  readonly node: string;
  readonly known: string | null;
  readonly fault: string | null;
  readonly waited: Duration;
  readonly took: Duration;
  seen: Pick<GuestRead, 'readAt' | 'position' | 'missing' | 'backward'> | null;
  row: readonly string[];
}

/** A guest of the app: places an order on the primary, then reads the board wherever the router sends her, and so on. */
export class Guest implements Client {
  readonly name: string;
  readonly population = 'guest';
  readonly #number: number;
  readonly #app: GuestApp;
  readonly #random: Prng;
  readonly #think: Think;
  #looksLeft = 0;
  #wantedAt: Instant | null = null;
  #looking: Looking | null = null;
  #key = 0;
  /** Orders of hers that she was told are placed. */
  readonly #told: { readonly key: number; readonly toldAt: Instant }[] = [];
  #wrote: string | null = null;
  #wroteAt: Instant | null = null;
  #saw: string | null = null;
  #lastNode: string | null = null;
  #most: { readonly keys: ReadonlySet<number>; readonly node: string } | null = null;

  constructor(number: number, app: GuestApp, random: Prng, think: Think) {
    this.name = `guest${number}`;
    this.#number = number;
    this.#app = app;
    this.#random = random;
    this.#think = think;
  }

  first(): Duration {
    return drawLength(this.#random, [0 as Duration, this.#think[1]]);
  }

  goOn(): Duration {
    return drawLength(this.#random, this.#think);
  }

  turn(at: Instant, world: ClientWorld): Turn {
    const looking = this.#looking;
    if (looking?.seen) return this.#read(at, looking);
    if (looking) return this.#look(at, looking, world);
    return this.#looksLeft > 0 ? this.#wantToRead(at) : this.#order(world);
  }

  /** Her order, and what the app takes down of it. */
  hear({ state, results, answeredAt, sentAt }: StatementView): Duration {
    if (state === 'done') {
      const value = (column: string) => {
        const result = results.find(({ columns }) => columns.includes(column));
        return result?.rows[0]?.[result.columns.indexOf(column)] ?? null;
      };
      const toldAt = answeredAt ?? sentAt;
      this.#app.placed({ key: this.#key, guest: this.name, xid: Number(value('xid')) });
      this.#told.push({ key: this.#key, toldAt });
      this.#wrote = value('token');
      this.#wroteAt = toldAt;
    }
    this.#looksLeft = this.#random.between(...LOOKS);
    return drawLength(this.#random, FIRST_LOOK);
  }

  /** The receipt is what makes a transaction of it: its WAL lies between the order and the COMMIT. */
  #order(world: ClientWorld): Turn {
    const key = world.newKey();
    this.#key = key;
    const { token } = this.#app;
    const sql = [
      'begin',
      `insert into orders values (${key}, '${this.name}') returning pg_current_xact_id() as xid`,
      ...(token === 'before' ? ['select pg_current_wal_insert_lsn() as token'] : []),
      `insert into receipts select ${key}, string_agg(md5(${key}::text || g), '') from generate_series(1, 48) g`,
      'commit',
      ...(token === 'insert' ? ['select pg_current_wal_insert_lsn() as token'] : []),
      ...(token === 'flush' ? ['select pg_current_wal_flush_lsn() as token'] : []),
    ].join('; ');
    const { primary: node } = this.#app;
    return { kind: 'request', request: { node, sql, kind: 'write', key, attempt: 1 } };
  }

  #wantToRead(at: Instant): Turn {
    this.#wantedAt ??= at;
    const waited = between(this.#wantedAt, at);
    const { decision, fault } = this.#app.route(
      {
        number: this.#number,
        wrote: this.#wrote,
        wroteMsAgo: this.#wroteAt === null ? null : between(this.#wroteAt, at) / 1_000,
        saw: this.#saw,
        lastNode: this.#lastNode,
        waitedMs: waited / 1_000,
      },
      at,
    );
    if ('waitMs' in decision && waited < PATIENCE)
      return { kind: 'pause', length: ms(decision.waitMs) };
    const node = 'node' in decision ? decision.node : this.#app.primary;
    const took = drawLength(this.#random, A_READ);
    this.#looking = {
      askedAt: this.#wantedAt,
      node,
      known: this.#app.knownOf(node),
      fault,
      waited,
      took,
      seen: null,
      row: [],
    };
    this.#wantedAt = null;
    return { kind: 'pause', length: us(took / 2) };
  }

  /** The node reads: what it shows now is what she will be told. */
  #look(at: Instant, looking: Looking, world: ClientWorld): Turn {
    const { node, askedAt } = looking;
    const shown = this.#app.shownAt(node, world);
    const keys = new Set(shown.map(({ key }) => key));
    const missing = this.#told.findLast(({ key, toldAt }) => toldAt <= askedAt && !keys.has(key));
    const lost = [...(this.#most?.keys ?? [])].filter((key) => !keys.has(key)).length;
    looking.seen = {
      readAt: at,
      position: formatLsn(world.positionOf(node)),
      missing: missing ?? null,
      backward: lost > 0 && this.#most ? { from: this.#most.node, orders: lost } : null,
    };
    if (lost === 0) this.#most = { keys, node };
    const hers = shown.filter(({ guest }) => guest === this.name).length;
    looking.row = [String(shown.length), String(hers)];
    return { kind: 'pause', length: between(at, after(at, us(looking.took - looking.took / 2))) };
  }

  #read(at: Instant, { seen, row, ...looking }: Looking): Turn {
    const { readAt, position, missing, backward } = seen as NonNullable<Looking['seen']>;
    const { node, askedAt } = looking;
    const read: GuestRead = {
      guest: this.name,
      ...looking,
      readAt,
      answeredAt: at,
      onPrimary: node === this.#app.primary,
      wrote: this.#wrote,
      wroteAt: this.#wroteAt,
      position,
      missing,
      backward,
    };
    this.#app.reads.push(read);
    this.#looking = null;
    this.#looksLeft--;
    this.#saw = position;
    this.#lastNode = node;
    const event = eventOf(read);
    return {
      kind: 'pause',
      length: drawLength(this.#random, this.#looksLeft > 0 ? NEXT_LOOK : this.#think),
      read: {
        node,
        sql: READ(this.name),
        sentAt: askedAt,
        columns: ['orders', 'hers'],
        row,
      },
      ...(event === null ? {} : { event }),
    };
  }
}

function eventOf({ guest, node, missing, backward, fault, answeredAt }: GuestRead) {
  const told = (kind: string, words: string) => ({ kind, node, words, facts: { guest } });
  if (fault !== null)
    return told('routerFault', `The router gives no decision for ${guest}: ${fault}.`);
  if (missing !== null) {
    const ago = ((answeredAt - missing.toldAt) / 1e6).toFixed(2);
    return told(
      'staleRead',
      `${guest} reads on ${node} and does not find order ${missing.key}, which she placed ${ago} s ago.`,
    );
  }
  if (backward !== null)
    return told(
      'backwardRead',
      `${guest} reads on ${node} and sees ${backward.orders} ${backward.orders === 1 ? 'order' : 'orders'} fewer than on ${backward.from} before.`,
    );
  return null;
}
