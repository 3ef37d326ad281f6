import { describe, expect, it } from 'vitest';
import { resolveQuorum } from '../../../src/ha/patroni/quorum.ts';
import { printList } from '../../../src/ha/patronictl.ts';
import { StandIn } from './stand-in.ts';

describe('the machine', () => {
  it('is the same run for the same seed', () => {
    const story = () => {
      const cluster = new StandIn({ dynamic: { synchronousMode: 'quorum' } });
      cluster.after(33, () => cluster.isolate('node1')).run(60);
      return cluster.log;
    };
    expect(story()).toEqual(story());
  });

  it('is data: from a copy of its state it goes on the same way, also in the middle of a loop', () => {
    const plain = new StandIn().after(33, (it) => it.cutFromDcs('node1'));
    const copied = new StandIn().after(33, (it) => it.cutFromDcs('node1'));
    for (let second = 0; second < 60; second++) {
      plain.run(1);
      copied.run(1);
      copied.state = structuredClone(copied.state);
    }
    expect(copied.log).toEqual(plain.log);
  });

  it('prints patronictl list', () => {
    const cluster = new StandIn({ dynamic: { synchronousMode: 'on' } });
    cluster.run(30);
    expect(printList('cafe', cluster.state.dcs.keys).split('\n')).toEqual([
      '+ Cluster: cafe (7301412345678901234) ------+----+-------------+-----+------------+-----+',
      '| Member | Host  | Role         | State     | TL | Receive LSN | Lag | Replay LSN | Lag |',
      '+--------+-------+--------------+-----------+----+-------------+-----+------------+-----+',
      '| node1  | node1 | Leader       | running   |  1 |             |     |            |     |',
      '| node2  | node2 | Sync Standby | streaming |  1 |   0/3030D40 |   0 |  0/3030D40 |   0 |',
      '| node3  | node3 | Replica      | streaming |  1 |   0/3030D40 |   0 |  0/3030D40 |   0 |',
      '+--------+-------+--------------+-----------+----+-------------+-----+------------+-----+',
    ]);
  });
});

describe('the quorum resolver', () => {
  const steady = {
    leader: 'a',
    leaderWanted: 'a',
    quorum: 1,
    voters: ['b', 'c'],
    numSync: 1,
    sync: ['b', 'c'],
    numSyncConfirmed: 2,
    active: ['b', 'c'],
    syncWanted: 1,
  };

  it('changes nothing where all is as it should be', () => {
    expect(resolveQuorum(steady)).toEqual([]);
  });

  it('adds a node to the names before it may vote', () => {
    const steps = resolveQuorum({ ...steady, voters: ['b'], quorum: 0, sync: ['b'] });
    expect(steps).toEqual([
      { kind: 'quorum', leader: 'a', count: 1, nodes: ['b', 'c'] },
      { kind: 'sync', leader: 'a', count: 1, nodes: ['b', 'c'] },
    ]);
  });

  it('takes a node that is gone out of the names before it loses its vote', () => {
    const steps = resolveQuorum({ ...steady, active: ['b'], numSyncConfirmed: 1 });
    expect(steps).toEqual([
      { kind: 'sync', leader: 'a', count: 1, nodes: ['b'] },
      { kind: 'quorum', leader: 'a', count: 0, nodes: ['b'] },
    ]);
  });
});
