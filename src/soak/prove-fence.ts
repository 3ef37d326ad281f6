import type { PlayHistory } from '../ha/play/play.ts';
import { after, type Duration, type Instant, seconds, toMs } from '../sim/instant.ts';
import { type FencePlan, FenceRun } from './fence-run.ts';
import { type FenceSchedule, fenceSchedule } from './fence-schedule.ts';
import type { Broken } from './invariants.ts';
import { twoPrimaries } from './prove-governor.ts';
import type { Befallen } from './scheduled-run.ts';
import { longestSilence, type Silence } from './silence.ts';

/** What came of one schedule. */
export interface FenceProof {
  readonly number: number;
  readonly schedule: FenceSchedule;
  readonly history: PlayHistory;
  /** What befell whom. */
  readonly befallen: readonly Befallen[];
  /** The machines that scripts have stopped, when. */
  readonly stopped: readonly { readonly at: Instant; readonly node: string }[];
  /** The longest time in which two nodes took writes, in words; null where there was none. */
  readonly two: Broken | null;
  /** The longest time in which no server acknowledged a write. */
  readonly silence: Silence;
  /** What is said of it where it is too long; null where it is not. */
  readonly late: Broken | null;
}

/** After one fault, writes have to be acknowledged again within: a key's life, a stop in the cloud, two rounds of the loop. */
export const BACK_WITHIN = seconds(120);

/** Plays a schedule with a plan, on the kernel alone. */
export function proveFence(
  plan: FencePlan,
  number: number,
  schedule: FenceSchedule = fenceSchedule(number),
): FenceProof {
  const run = new FenceRun(plan, number, schedule);
  run.runUntil(run.end);
  const { history } = run.play;
  const { end, befallen, stopped } = run;
  const [two = null] = twoPrimaries(history, end);
  const told = history.acknowledged.map(({ at }) => at);
  const silence = longestSilence(told, schedule.firstAt, end);
  return { number, schedule, history, befallen, stopped, two, silence, late: late(silence) };
}

function late({ from, length }: Silence): Broken | null {
  if (length <= BACK_WITHIN) return null;
  return {
    invariant: 'a leader again',
    at: after(from, BACK_WITHIN),
    words: `No write was acknowledged for ${inSeconds(length)}; it may be ${inSeconds(BACK_WITHIN)}.`,
  };
}

const inSeconds = (length: Duration): string => `${(toMs(length) / 1000).toFixed(0)} s`;
