import type { Instant } from '../../../sim/instant.ts';
import { type FailingSchedule, openFailing } from '../../../soak/failing-schedule.ts';
import type { Befallen, ScheduledRun } from '../../../soak/scheduled-run.ts';
import { type PlaySnapshot, snapshotOf } from '../../governor/play-snapshot.ts';

/** A failing schedule that can be looked at anywhere. */
export interface OpenSchedule {
  readonly end: Instant;
  readonly befallen: readonly Befallen[];
  /** The whole of it, up to its end. */
  readonly whole: PlaySnapshot;
  /** The cluster at an instant. Forward it goes on; backward it begins again, which takes some milliseconds. */
  look(at: Instant): PlaySnapshot;
}

export function openSchedule(failing: FailingSchedule): OpenSchedule {
  const ended = openFailing(failing);
  ended.runUntil(ended.end);
  let run: ScheduledRun = openFailing(failing);
  return {
    end: ended.end,
    befallen: ended.befallen,
    whole: snapshotOf(ended.play),
    look(at) {
      if (run.play.now > at) run = openFailing(failing);
      run.runUntil(at);
      return snapshotOf(run.play);
    },
  };
}
