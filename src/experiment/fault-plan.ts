import type { Action } from '../cluster/action.ts';
import { type Duration, ms, seconds } from '../sim/instant.ts';

/** A trouble and its remedy, from and to so long after the clients came. */
export interface Trouble {
  readonly from: Duration;
  /** When it is mended; null where it is only when everything is. */
  readonly to: Duration | null;
  readonly starts: readonly Action[];
  readonly ends: readonly Action[];
  /** What it is, as the name of a span of time: “standby2 is frozen”. */
  readonly name: string;
}

/** What befalls the clusters of an experiment, all of them alike. */
export interface FaultPlan {
  readonly troubles: readonly Trouble[];
  /** A standby that its side promotes while nobody stops the primary; null where nobody does. */
  readonly takeover: { readonly at: Duration; readonly node: string } | null;
  /** When the primary’s side is given up, and the best of the others is looked at; null where that does not happen. */
  readonly failoverAt: Duration | null;
  /** Who burns then, the primary among them. */
  readonly burns: readonly string[];
  /** How long the whole takes. */
  readonly lasts: Duration;
}

const cut = (a: string, b: string): Action => ({ kind: 'cut', a, b });
const heal = (a: string, b: string): Action => ({ kind: 'heal', a, b });

/** The schedule of chapter 11: a standby freezes; then the primary is cut off with standby1, and both burn. */
export const CAPTAINS_EVENING: FaultPlan = {
  troubles: [
    {
      name: 'standby2 is frozen',
      from: seconds(4),
      to: seconds(8),
      starts: [{ kind: 'freeze', node: 'standby2', process: 'walreceiver' }],
      ends: [{ kind: 'thaw', node: 'standby2', process: 'walreceiver' }],
    },
    {
      name: 'the primary and standby1 are cut off',
      from: seconds(10),
      to: null,
      starts: [cut('primary', 'standby2'), cut('primary', 'standby3')],
      ends: [heal('primary', 'standby2'), heal('primary', 'standby3')],
    },
  ],
  takeover: null,
  failoverAt: seconds(14),
  burns: ['primary', 'standby1'],
  lasts: seconds(14),
};

/** The same evening, but the other side does not wait for the fire: two seconds after the cut it has a primary of its own. */
export const TWO_CAPTAINS: FaultPlan = {
  ...CAPTAINS_EVENING,
  takeover: { at: seconds(12), node: 'standby2' },
};

/** A standby in another city. */
export const FAR: readonly Action[] = [
  { kind: 'delay', a: 'primary', b: 'standby3', delay: ms(40) },
];
