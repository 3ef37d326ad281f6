import { describe, expect, test } from 'vitest';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { ActionRefused, type ClusterSpec } from '../../src/cluster/action.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { instant, ms, seconds, after as wait } from '../../src/sim/instant.ts';

const engine = await openNodeEngine();

const spec: ClusterSpec = {
  nodes: ['primary', 'standby1'],
  settings: {},
  seed: 7,
  setup: ['create table orders (id int primary key, guest int)'],
  populations: [
    {
      name: 'till',
      node: 'primary',
      count: 3,
      errands: [
        { sql: 'insert into orders values ({key}, {client})', kind: 'write', weight: 3 },
        {
          sql: 'begin; insert into orders values ({key}, 0); insert into orders values (0, 0); commit',
          kind: 'write',
        },
      ],
      thinkTime: [ms(20), ms(60)],
      attempts: 2,
    },
  ],
};

async function played(lookEvery: number | null): Promise<Cluster> {
  const cluster = await Cluster.open(spec, engine);
  const end = instant(4_000_000);
  while (lookEvery !== null && cluster.now < end) {
    cluster.view();
    await cluster.advance(wait(cluster.now, ms(lookEvery)));
  }
  await cluster.advance(end);
  return cluster;
}

describe('clients on a cluster', () => {
  test('work by themselves, are no actions, and do the same however time is sliced', async () => {
    const cluster = await played(null);
    expect(cluster.sent.length).toBeGreaterThan(150);
    const sliced = await played(3);
    expect(sliced.hashes()).toEqual(cluster.hashes());
    expect(sliced.sent).toEqual(cluster.sent);
    sliced.close();
    cluster.close();
  });

  test('leave no failed block behind: after an error comes a ROLLBACK', async () => {
    const cluster = await played(null);
    const states = cluster.sent.map(({ statement, kind }) => ({
      kind,
      sqlstate: cluster.statements[statement]?.error?.sqlstate ?? null,
    }));
    expect(states.some(({ kind }) => kind === 'rollback')).toBe(true);
    expect(states.map(({ sqlstate }) => sqlstate)).not.toContain('25P02');
    cluster.close();
  });

  test('outlive a crash: what was lost is tried once more', async () => {
    const cluster = await Cluster.open(spec, engine);
    await cluster.advance(wait(cluster.now, seconds(1)));
    await cluster.act({ kind: 'kill', node: 'primary' });
    await cluster.advance(wait(cluster.now, ms(300)));
    await cluster.act({ kind: 'start', node: 'primary' });
    const before = cluster.sent.length;
    await cluster.advance(wait(cluster.now, seconds(2)));
    const later = cluster.sent.slice(before);
    expect(cluster.sent.some(({ attempt }) => attempt === 2)).toBe(true);
    expect(later.some(({ statement }) => cluster.statements[statement]?.state === 'done')).toBe(
      true,
    );
    cluster.close();
  });

  test('are stopped and paced by an action; their sessions are theirs', async () => {
    const cluster = await Cluster.open(spec, engine);
    await cluster.act({ kind: 'clients', population: 'till', pace: 0 });
    await cluster.advance(wait(cluster.now, seconds(1)));
    expect(cluster.sent).toEqual([]);
    expect(cluster.view().populations).toEqual([
      {
        name: 'till',
        node: 'primary',
        clients: ['till1', 'till2', 'till3'],
        pace: 0,
        pacedBy: 'anyone',
      },
    ]);
    await expect(
      cluster.act({ kind: 'sql', node: 'primary', session: 'till2', sql: 'select 1' }),
    ).rejects.toThrow('session "till2" of primary belongs to a client');
    const wrong = { kind: 'clients', population: 'guests', pace: 1 } as const;
    await expect(cluster.act(wrong)).rejects.toThrow(ActionRefused);
    await expect(cluster.act(wrong)).rejects.toThrow('there are no clients "guests"');
    cluster.close();
  });
});
