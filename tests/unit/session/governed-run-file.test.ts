import { expect, test } from 'vitest';
import { figures } from '../../../content/figures.ts';
import { GOVERNED_KINDS, type GovernedAction } from '../../../src/cluster/governed-action.ts';
import type { RunRecord } from '../../../src/session/protocol.ts';
import { runFileText } from '../../../src/session/run-file.ts';
import { parseRunFile } from '../../../src/session/run-file-schema.ts';
import { instant } from '../../../src/sim/instant.ts';

/** An action of a kind. */
function actionOf(kind: GovernedAction['kind']): GovernedAction {
  switch (kind) {
    case 'stopDcs':
    case 'startDcs':
    case 'freezeDcs':
    case 'thawDcs':
      return { kind, member: 'etcd2' };
    case 'pause':
    case 'resume':
      return { kind };
    case 'switchover':
      return { kind, leader: 'node1', candidate: null };
    case 'failover':
      return { kind, candidate: 'node2' };
    default:
      return { kind, node: 'node1' };
  }
}

test('a run under Patroni comes back from its file as it was, with everything that can be done to what governs it', () => {
  const record: RunRecord = {
    version: 1,
    spec: figures.governed.cluster,
    actions: GOVERNED_KINDS.map((kind) => ({ at: instant(10), action: actionOf(kind) })),
    until: instant(20),
  };
  expect(parseRunFile(runFileText(record, null)).record).toEqual(record);
});
