import { after } from '../sim/instant.ts';
import { autovacuum } from './autovacuum.ts';
import type { ClusterParts } from './cluster-parts.ts';
import { autovacuumNaptime } from './node-settings.ts';

/** The autovacuum launcher of a node wakes after its naptime. */
export function planAutovacuum(node: string, parts: ClusterParts): void {
  const at = after(parts.now(), autovacuumNaptime(parts.node(node).settings));
  parts.schedule(at, { kind: 'autovacuum', node });
}

/** The autovacuum launcher of a primary wakes. */
export function wakeAutovacuum(name: string, parts: ClusterParts): void {
  const node = parts.node(name);
  if (node.role === 'standby') return;
  planAutovacuum(name, parts);
  if (!node.accepting) return;
  for (const { words, ...facts } of autovacuum(node.live, node.settings))
    parts.note('autovacuum', name, `automatic vacuum of table "${facts.table}": ${words}`, {
      ...facts,
    });
  parts.publish();
}
