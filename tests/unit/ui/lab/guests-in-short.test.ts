import { expect, test } from 'vitest';
import type { TraceEvent } from '../../../../src/cluster/cluster-view.ts';
import { instant } from '../../../../src/sim/instant.ts';
import { guestsInShort } from '../../../../src/ui/lab/guests-in-short.ts';
import { statement } from '../cluster-shown.ts';

const event = (kind: string): TraceEvent => ({
  at: instant(1),
  kind,
  node: 'standby1',
  words: '',
  facts: {},
});

const sent = (session: string, node: string, sql: string) =>
  statement({ session, node, sql, state: 'done' });

test('guests in short: where they read, and what they missed', () => {
  const short = guestsInShort(
    ['guest1', 'guest2'],
    [
      sent('guest1', 'primary', 'begin; insert into orders values (1); commit'),
      sent('guest1', 'standby2', 'select count(*) from orders'),
      sent('guest2', 'standby1', 'select count(*) from orders'),
      sent('guest2', 'standby1', 'select count(*) from orders'),
      sent('psql', 'standby1', 'select 1'),
      { ...sent('guest2', 'standby1', 'select count(*) from orders'), state: 'running' },
    ],
    [event('staleRead'), event('staleRead'), event('backwardRead'), event('walSent')],
  );
  expect(short).toEqual({
    orders: 1,
    reads: 3,
    byNode: [
      { node: 'standby1', reads: 2, share: 67 },
      { node: 'standby2', reads: 1, share: 33 },
    ],
    stale: 2,
    backward: 1,
    faults: 0,
  });
});
