import type { Settings } from '../cluster/sql-engine.ts';
import type { TimelineId } from '../postgres/lsn.ts';
import { DATA_DIRECTORY } from './data-directory.ts';

/**
 * With these a server ends recovery at the end of its WAL and chooses a new timeline. A restore_command must be there; it
 * finds nothing. A single-user server cannot be a hot standby while it recovers.
 */
export const PROMOTION_SETTINGS: Settings = {
  restore_command: 'false',
  recovery_target_timeline: 'current',
  hot_standby: 'off',
};

/** What a promoted server says of those that a reload cannot change: what they are where nobody has set them. */
export const SETTINGS_AFTER: Settings = { recovery_target_timeline: 'latest', hot_standby: 'on' };

export const historyFilePath = (timeline: TimelineId): string =>
  `${DATA_DIRECTORY}/pg_wal/${timeline.toString(16).toUpperCase().padStart(8, '0')}.history`;

/** The files that make a server promote itself: the signal, and the history files of timelines that it may not choose. */
export function* promotionFiles(
  from: TimelineId,
  to: TimelineId,
): Generator<readonly [string, Uint8Array]> {
  yield [`${DATA_DIRECTORY}/recovery.signal`, new Uint8Array()];
  for (let taken = from + 1; taken < to; taken++)
    yield [historyFilePath(taken as TimelineId), new Uint8Array()];
}
