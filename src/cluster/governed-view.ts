import type { Chronicle } from '../ha/chronicle.ts';
import type { GovernorView } from '../ha/governor-view.ts';
import type { PostgresFacts } from '../ha/postgres-port.ts';
import type { Lsn, TimelineId } from '../postgres/lsn.ts';

/** What governs a cluster, as its figures draw it. */
export interface GovernedView extends Omit<GovernorView, 'at'> {
  readonly scope: string;
  /** By node: how its machine and server stand, the timeline of its WAL, and where that ends. */
  readonly servers: Readonly<
    Record<
      string,
      {
        readonly status: PostgresFacts['status'];
        readonly timeline: TimelineId;
        readonly wal: Lsn;
      }
    >
  >;
  /** Since the run's first instant. */
  readonly chronicle: Chronicle;
  /** As `patronictl list` prints it. */
  readonly list: string;
}
