import type { TraceEvent } from '../cluster/cluster-view.ts';
import { type Lsn, parseLsn } from '../postgres/lsn.ts';
import type { Instant } from '../sim/instant.ts';

/**
 * The nodes that had WAL up to a position on their own disks at an instant: what each of them would still have if all
 * others burned at that very moment. Promotion replays all that is on disk, so this is also what it would bring back.
 */
export function flushedBy(trace: readonly TraceEvent[], lsn: Lsn, at: Instant): readonly string[] {
  const nodes = new Set<string>();
  for (const event of trace) {
    if (event.at > at) break;
    if (
      event.kind === 'walFlushed' &&
      event.node !== null &&
      parseLsn(String(event.facts.lsn)) >= lsn
    )
      nodes.add(event.node);
  }
  return [...nodes];
}
