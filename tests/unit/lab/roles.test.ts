import { expect, test } from 'vitest';
import type { ClusterView, NodeView, TraceEvent } from '../../../src/cluster/cluster-view.ts';
import { inRoles, nodeInRole, type Stage } from '../../../src/lab/roles.ts';

const promoted = (node: string) => ({ kind: 'promoted', node }) as TraceEvent;
const stage = (
  nodes: Readonly<Record<string, 'primary' | 'standby' | 'off'>>,
  trace: readonly TraceEvent[] = [],
): Stage => ({
  view: {
    nodes: Object.entries(nodes).map(([name, is]) => ({
      name,
      status: is === 'off' ? 'down' : 'up',
      standby: is === 'standby' ? {} : null,
    })) as unknown as readonly NodeView[],
  } as ClusterView,
  trace,
  spares: ['restored'],
});

const asBegun = stage({ primary: 'primary', standby1: 'standby', standby2: 'standby' });
const changed = stage({ primary: 'standby', standby1: 'primary', standby2: 'standby' }, [
  promoted('standby1'),
  promoted('restored'),
]);

test('the primary is the one that was promoted last, and the first node before; what runs on a spare machine does not count', () => {
  expect(nodeInRole('{primary}', asBegun)).toBe('primary');
  expect(nodeInRole('{primary}', changed)).toBe('standby1');
});

test('standbys that run have their order from the lab', () => {
  expect(nodeInRole('{first-standby}', changed)).toBe('primary');
  expect(nodeInRole('{last-standby}', changed)).toBe('standby2');
});

test('a name is a name', () => {
  expect(nodeInRole('standby1', asBegun)).toBe('standby1');
});

test('an action is done to whoever has the role; where nobody has, to nobody', () => {
  const cut = { kind: 'cut', a: '{primary}', b: '{first-standby}' } as const;
  expect(inRoles(cut, changed)).toEqual({ kind: 'cut', a: 'standby1', b: 'primary' });
  expect(inRoles(cut, stage({ primary: 'primary', standby1: 'off' }))).toBeNull();
});
