import type { PlayAction } from '../ha/play/play.ts';
import type { Instant } from '../sim/instant.ts';

/** Something that befalls a governed cluster at an instant. */
interface Fault {
  readonly at: Instant;
  /** Of which trouble it is, where its schedule has several. */
  readonly trouble?: number;
  readonly action: PlayAction;
}

/** What schedules of troubles have in common. */
export interface Schedule<F extends Fault = Fault> {
  readonly faults: readonly F[];
  /** The node whose machine has no watchdog device; null: each has one. */
  readonly withoutWatchdog: string | null;
}

/** What can be left out of a schedule: a fault with its remedy, or that a device is missing. */
export type ScheduleItem<F extends Fault = Fault> =
  | { readonly kind: 'faults'; readonly faults: readonly F[] }
  | { readonly kind: 'no watchdog'; readonly node: string };

/** What mends what. */
const REMEDIES: Readonly<Partial<Record<PlayAction['kind'], PlayAction['kind']>>> = {
  powerOff: 'powerOn',
  freezePatroni: 'thawPatroni',
  killPatroni: 'startPatroni',
  cutFromDcs: 'healToDcs',
  isolate: 'rejoin',
  stopDcs: 'startDcs',
  freezeWalreceiver: 'thawWalreceiver',
};

const MENDS: ReadonlySet<string> = new Set(Object.values(REMEDIES));

/** Whether it mends something rather than breaks it. */
export const isRemedy = ({ kind }: PlayAction): boolean => MENDS.has(kind);

/** The items of a schedule, in order of time; a remedy without a fault goes with what stands before it. */
export function itemsOf<F extends Fault>({
  faults,
  withoutWatchdog,
}: Schedule<F>): readonly ScheduleItem<F>[] {
  const groups: F[][] = [];
  for (const fault of faults) {
    const group = isRemedy(fault.action)
      ? (groups.find(([first]) => first !== undefined && mends(fault, first)) ?? groups.at(-1))
      : undefined;
    if (group) group.push(fault);
    else groups.push([fault]);
  }
  return [
    ...groups.map((group) => ({ kind: 'faults' as const, faults: group })),
    ...(withoutWatchdog === null ? [] : [{ kind: 'no watchdog' as const, node: withoutWatchdog }]),
  ];
}

/** The schedule with some of its items, and the others left out. Its times stay as they are, and its order within an instant. */
export function withItems<F extends Fault, S extends Schedule<F>>(
  schedule: S,
  items: readonly ScheduleItem<F>[],
): S {
  const kept = new Set(items.flatMap((item) => (item.kind === 'faults' ? item.faults : [])));
  return {
    ...schedule,
    faults: schedule.faults.filter((fault) => kept.has(fault)),
    withoutWatchdog: items.find((item) => item.kind === 'no watchdog')?.node ?? null,
  };
}

const mends = (remedy: Fault, fault: Fault): boolean =>
  REMEDIES[fault.action.kind] === remedy.action.kind &&
  fault.trouble === remedy.trouble &&
  targetOf(fault.action) === targetOf(remedy.action);

const targetOf = (action: PlayAction): string =>
  'node' in action ? action.node : 'member' in action ? action.member : '';
