import type { TraceEvent } from '../cluster/cluster-view.ts';
import { type Lsn, lsn, parseLsn } from '../postgres/lsn.ts';
import { WAL_SEGMENT_SIZE } from '../postgres/wal/page.ts';
import type { Instant } from '../sim/instant.ts';

/** How much WAL a node's pg_wal held, from an instant on. */
export interface KeptWal {
  readonly at: Instant;
  readonly bytes: number;
}

/**
 * The WAL in a node's pg_wal after each flush and each removal, from its oldest segment to its last flushed byte. Before
 * the first removal that the trace tells of, from the first flush on.
 */
export function keptWal(trace: readonly TraceEvent[], node: string): readonly KeptWal[] {
  const kept: KeptWal[] = [];
  let oldest: Lsn | null = null;
  let end: Lsn | null = null;
  for (const event of trace) {
    if (event.node !== node) continue;
    if (event.kind === 'walFlushed') end = parseLsn(String(event.facts.lsn));
    else if (event.kind === 'walRemoved' || event.kind === 'walDeleted')
      oldest = segmentStart(String(event.facts.segment));
    else continue;
    oldest ??= end;
    if (end !== null && oldest !== null)
      kept.push({ at: event.at, bytes: Math.max(0, end - oldest) });
  }
  return kept;
}

/** Where a segment begins, by its file's name: timeline, upper half, number in it, eight hexadecimal digits each. */
function segmentStart(name: string): Lsn {
  const digits = (from: number) => Number.parseInt(name.slice(from, from + 8), 16);
  return lsn(digits(8) * 2 ** 32 + digits(16) * WAL_SEGMENT_SIZE);
}
