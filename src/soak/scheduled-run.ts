import type { Play, PlayAction } from '../ha/play/play.ts';
import type { Instant } from '../sim/instant.ts';

/** Something that has befallen a cluster, with the names of those whom it befell. */
export interface Befallen {
  readonly at: Instant;
  readonly action: PlayAction;
  /** Whether a script of the cluster's own did it, so that it is no part of the schedule. */
  readonly byScript: boolean;
}

/** A governed cluster on which a schedule of troubles is played, as far as one wants to see it. */
export interface ScheduledRun {
  readonly play: Play;
  /** What has befallen it so far. */
  readonly befallen: readonly Befallen[];
  /** Where the schedule ends: all is healed, and there was time to come to rest. */
  readonly end: Instant;
  runUntil(instant: Instant): void;
}
