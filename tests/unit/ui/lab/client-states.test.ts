import { expect, test } from 'vitest';
import type { StatementView } from '../../../../src/cluster/cluster-view.ts';
import { instant } from '../../../../src/sim/instant.ts';
import { clientStates } from '../../../../src/ui/lab/client-states.ts';

const clients = [
  { name: 'till1', hosts: ['primary'] },
  { name: 'till2', hosts: ['primary'] },
];

const statement = (
  id: number,
  session: string,
  state: StatementView['state'],
  node = 'primary',
): StatementView => ({
  id,
  node,
  session,
  sql: 'insert',
  sentAt: instant(id),
  sentIn: 'idle',
  answeredAt: null,
  state,
  results: [],
  notices: [],
  error: null,
  waitEventType: null,
  waitEvent: null,
});

test('each client’s requests are counted by what it was told', () => {
  const states = clientStates(clients, [
    statement(0, 'till1', 'done'),
    statement(1, 'till1', 'error'),
    statement(2, 'psql', 'done'),
    statement(3, 'till1', 'done'),
    statement(4, 'till1', 'lost'),
    statement(5, 'till1', 'running'),
  ]);
  expect(states).toMatchObject([
    { name: 'till1', sent: 5, acknowledged: 2, failed: 1, lost: 1, open: { id: 5 } },
    { name: 'till2', sent: 0, acknowledged: 0, failed: 0, lost: 0, open: null },
  ]);
});

test('a session of the same name elsewhere is another one', () => {
  const [till1] = clientStates(clients, [statement(0, 'till1', 'done', 'standby1')]);
  expect(till1).toMatchObject({ sent: 0 });
});

test('a client that may speak to several servers is one, where it spoke last', () => {
  const states = clientStates(
    [{ name: 'till1', hosts: ['primary', 'standby1'] }],
    [statement(0, 'till1', 'lost'), statement(1, 'till1', 'done', 'standby1')],
  );
  expect(states).toMatchObject([{ node: 'standby1', sent: 2, acknowledged: 1, lost: 1 }]);
});
