import { describe, expect, it } from 'vitest';
import { DEFAULT_DYNAMIC, DEFAULT_LOCAL } from '../../../src/ha/configuration.ts';
import type { PatroniInput } from '../../../src/ha/patroni/port.ts';
import { newPatroni, type PatroniState, patroni } from '../../../src/ha/patroni/process.ts';
import { resolveQuorum } from '../../../src/ha/patroni/quorum.ts';
import { printList } from '../../../src/ha/patronictl.ts';
import { factsOf, startServers } from '../../../src/ha/play/servers.ts';
import { after, START, seconds } from '../../../src/sim/instant.ts';
import { Story } from './story.ts';

const LOOK = {
  own: factsOf(startServers(['node1'], {}), 'node1', () => true),
  others: {},
  watchdogWorks: true,
};

describe('the machine', () => {
  it('is the same run for the same seed', () => {
    const story = () => {
      const cluster = new Story({ dynamic: { synchronousMode: 'quorum' } });
      cluster.after(33, { kind: 'isolate', node: 'node1' }).run(60);
      return cluster.play.history;
    };
    expect(story()).toEqual(story());
  });

  it('is data: from a copy of its state it goes on the same way, also in the middle of a loop', () => {
    const identity = { node: 'node1', dcsMembers: ['etcd1'], local: DEFAULT_LOCAL };
    const inputs: readonly PatroniInput[] = [
      { kind: 'begin' },
      { kind: 'timer', token: 1 },
      { kind: 'timer', token: 2 },
      { kind: 'wake' },
      { kind: 'timer', token: 3 },
      { kind: 'timer', token: 4 },
    ];
    const run = (keep: (state: PatroniState) => PatroniState) => {
      let state = newPatroni(identity, DEFAULT_DYNAMIC, START);
      return inputs.map((input, index) => {
        const [next, effects] = patroni(keep(state), input, after(START, seconds(index * 4)), LOOK);
        state = next;
        return effects;
      });
    };
    const plain = run((state) => state);
    expect(plain.flat()).toContainEqual({
      kind: 'log',
      level: 'ERROR',
      text: 'Error communicating with DCS',
    });
    expect(run(structuredClone)).toEqual(plain);
  });

  it('prints patronictl list', () => {
    const cluster = new Story({ dynamic: { synchronousMode: 'on' } });
    cluster.run(30);
    expect(printList('cafe', cluster.play.governor.dcs.keys).split('\n')).toEqual([
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
