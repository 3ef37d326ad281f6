import { describe, expect, test } from 'vitest';
import type { StatementView } from '../../../src/cluster/cluster-view.ts';
import { type Population, whyNoPopulation } from '../../../src/cluster/workload/population.ts';
import { Workload } from '../../../src/cluster/workload/workload.ts';
import { lsn } from '../../../src/postgres/lsn.ts';
import { after, type Instant, instant, ms, START, seconds } from '../../../src/sim/instant.ts';
import { statement } from '../ui/cluster-shown.ts';

const shop: Population = {
  name: 'shop',
  node: 'primary',
  count: 4,
  errands: [
    { sql: 'insert into orders values ({key}, {client}, {1..9})', kind: 'write', weight: 1 },
    { sql: 'select count(*) from orders', kind: 'read', weight: 3 },
  ],
  thinkTime: [ms(50), ms(150)],
};

const outcome = (sqlstate: string | null): Partial<StatementView> =>
  sqlstate === null
    ? { state: 'done' }
    : {
        state: 'error',
        error: {
          severity: 'ERROR',
          sqlstate,
          message: '',
          detail: null,
          hint: null,
          position: null,
        },
      };

const facts = {
  takesWrites: () => true,
  isConnected: () => true,
  inBlock: () => false,
  positionOf: () => lsn(0),
  commitOf: () => null,
  isShown: () => false,
  leadsTo: () => null,
  found: () => 'writes' as const,
  isOpen: () => true,
};

/** A workload before a cluster that answers each request after 2 ms, as `answer` says. */
function served(
  population: Population,
  until: Instant,
  { seed = 1, answer = (_: number): Partial<StatementView> => outcome(null), broken = false } = {},
) {
  const workload = new Workload([population], seed, { ...facts, inBlock: () => broken });
  workload.begin(START);
  const statements: StatementView[] = [];
  const sent: { at: Instant; sql: string; session: string }[] = [];
  const run = (end: Instant) => {
    for (;;) {
      workload.hear(statements);
      const at = workload.nextAt();
      if (at === null || at > end) return;
      const due = workload.take(at, statements.length);
      if (due?.turn.kind !== 'request') throw new Error('no request was due');
      const id = statements.length;
      sent.push({ at, sql: due.turn.request.sql, session: due.session });
      statements.push(statement({ id, sentAt: at, answeredAt: after(at, ms(2)), ...answer(id) }));
    }
  };
  run(until);
  return { workload, sent, run };
}

const minute = instant(60_000_000);

describe('a population', () => {
  test('thinks between answer and request, and mixes its errands by their weights', () => {
    const { workload, sent } = served(shop, minute);
    // Four clients, 102 ms from one request to the next.
    expect(sent.length).toBeGreaterThan(2_200);
    expect(sent.length).toBeLessThan(2_500);
    const writes = workload.sent.filter(({ kind }) => kind === 'write').length;
    expect(writes / sent.length).toBeCloseTo(0.25, 1);
    expect(new Set(sent.map(({ session }) => session))).toEqual(
      new Set(['shop1', 'shop2', 'shop3', 'shop4']),
    );
  });

  test('does the same on the same seed, and something else on another', () => {
    expect(served(shop, minute).sent).toEqual(served(shop, minute).sent);
    expect(served(shop, minute, { seed: 2 }).sent).not.toEqual(served(shop, minute).sent);
  });

  test('gives no key twice', () => {
    const keys = served(shop, minute).sent.flatMap(({ sql }) => /\((\d+)/.exec(sql)?.[1] ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('keeps to a rate as long as it is answered in time', () => {
    const { sent } = served({ ...shop, ratePerSecond: 20 }, minute);
    expect(sent.length / 60).toBeCloseTo(20, 0);
  });

  test('goes home when its time is over', () => {
    const { sent } = served({ ...shop, until: seconds(5) }, minute);
    expect(sent.at(-1)?.at).toBeLessThan(5_000_000);
  });

  test('sends nothing while something else is chosen, and begins when its choice is', () => {
    let chosen = 'moon';
    const here = { ...shop, count: 1, onlyIf: [{ text: '{place}', is: 'primary' }] };
    const workload = new Workload([here], 1, facts, {
      fill: (text) => text.replace('{place}', chosen),
    });
    workload.begin(START);
    const turn = () => workload.take(workload.nextAt() ?? START, 0)?.turn.kind;
    for (let i = 0; i < 10; i++) expect(turn()).toBe('pause');
    expect(workload.nextAt()).toBeGreaterThan(ms(500));
    chosen = 'primary';
    expect(turn()).toBe('request');
  });

  test('rests at pace 0, and goes on at any other', () => {
    const { workload, sent, run } = served({ ...shop, pace: 0 }, minute);
    expect(sent).toEqual([]);
    workload.setPace('shop', 2, minute);
    run(instant(120_000_000));
    expect(sent.length).toBeGreaterThan(4_400);
    workload.setPace('shop', 0, instant(120_000_000));
    const soFar = sent.length;
    run(instant(180_000_000));
    expect(sent).toHaveLength(soFar);
  });

  test('sends again what may succeed the second time, with the same key, and no oftener than it says', () => {
    const { workload } = served({ ...shop, count: 1, attempts: 3 }, minute, {
      answer: () => outcome('40001'),
    });
    const attempts = workload.sent.slice(0, 6).map(({ key, attempt }) => [key, attempt]);
    expect(attempts).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
      [2, 2],
      [2, 3],
    ]);
    const refused = served({ ...shop, attempts: 3 }, minute, { answer: () => outcome('23505') });
    expect(refused.workload.sent.every(({ attempt }) => attempt === 1)).toBe(true);
  });

  test('rolls back at once where an error has left a block open', () => {
    const { sent } = served({ ...shop, count: 1 }, minute, {
      answer: (id) => outcome(id % 2 === 0 ? '23505' : null),
      broken: true,
    });
    expect(sent[1]?.sql).toBe('rollback');
    expect(sent[1]?.at).toBe((sent[0]?.at ?? 0) + ms(2));
  });

  test.each<[Partial<Population>, string]>([
    [{ node: 'moon' }, 'the clients "shop" want to use "moon"; the nodes are primary'],
    [{ count: 0 }, 'are 0'],
    [{ errands: [] }, 'nothing to send'],
    [{ thinkTime: [ms(2), ms(1)] }, 'think from 2000 to 1000'],
    [{ ratePerSecond: 0 }, '0 requests a second'],
  ])('that makes no sense is named: %j', (fields, words) => {
    expect(whyNoPopulation({ ...shop, ...fields }, ['primary'])).toContain(words);
    expect(whyNoPopulation(shop, ['primary'])).toBeNull();
  });
});

describe('clients with several servers in their connection string', () => {
  /** One till, asked for its next turn whenever its time has come; the world is as it is made in between. */
  function till() {
    const world = { writable: 'primary' as string | null, connected: new Set<string>() };
    const workload = new Workload(
      [{ ...shop, count: 1, otherHosts: ['standby1', 'standby2'], attempts: 2 }],
      1,
      {
        ...facts,
        takesWrites: (node) => node === world.writable,
        isConnected: (node) => world.connected.has(node),
      },
    );
    workload.begin(START);
    const statements: StatementView[] = [];
    const turn = (outcomeOf: Partial<StatementView> = outcome(null)) => {
      workload.hear(statements);
      const at = workload.nextAt() as Instant;
      const due = workload.take(at, statements.length);
      if (due?.turn.kind !== 'request') return null;
      const { node, key } = due.turn.request;
      world.connected = new Set(outcomeOf.state === 'lost' ? [] : [node]);
      const id = statements.length;
      statements.push(statement({ id, sentAt: at, answeredAt: after(at, ms(2)), ...outcomeOf }));
      return { node, key };
    };
    return { world, turn };
  }

  test('stay where they are connected, whoever else takes writes', () => {
    const { world, turn } = till();
    expect(turn()?.node).toBe('primary');
    world.writable = 'standby2';
    expect(turn()?.node).toBe('primary');
  });

  test('go to the first that takes writes once they are told that their connection is over, with the same request', () => {
    const { world, turn } = till();
    const first = turn({ state: 'lost' });
    world.writable = 'standby2';
    expect(turn()).toEqual({ node: 'standby2', key: first?.key });
  });

  test('wait while nobody takes writes, and try again', () => {
    const { world, turn } = till();
    turn({ state: 'lost' });
    world.writable = null;
    expect([turn(), turn(), turn()]).toEqual([null, null, null]);
    world.writable = 'standby1';
    expect(turn()?.node).toBe('standby1');
  });

  test('may name only nodes that there are', () => {
    expect(whyNoPopulation({ ...shop, otherHosts: ['attic'] }, ['primary'])).toContain('"attic"');
  });
});
