import {
  DEFAULT_DYNAMIC,
  DEFAULT_LOCAL,
  type LocalConfiguration,
  type WatchdogMode,
} from '../ha/configuration.ts';
import { DEFAULT_PROXY } from '../ha/ha-port.ts';
import { Play, type PlayAction, type PlayHistory } from '../ha/play/play.ts';
import { after, type Instant, ms, seconds } from '../sim/instant.ts';
import { type FenceSchedule, LEADER } from './fence-schedule.ts';
import { GOVERNED_NODES } from './governor-run.ts';
import type { Befallen, ScheduledRun } from './scheduled-run.ts';

/** What is done so that an old primary does not go on beside the new one. */
export interface FencePlan {
  readonly watchdog: WatchdogMode;
  /** Whether the machines have a watchdog device at all. */
  readonly hasDevice: boolean;
  readonly synchronousMode: 'off' | 'on';
  /** A script on on_role_change that stops the machine which a file names. */
  readonly onRoleChange: boolean;
  /** A script before the promotion that stops a machine, and waits until it is off; null: there is none. */
  readonly prePromote: 'who led last' | 'the file' | null;
}

/** How long a cloud takes to stop a machine in order, and to say so. */
export const CLOUD_STOP = seconds(40);
/** The machine that the file on every node names: who led when it was written. */
const IN_THE_FILE = 'node1';

const SCRIPT = '/etc/patroni/fence_old_primary.sh';
const TICK = ms(100);
const REST = seconds(60);

const localOf = ({ watchdog, onRoleChange, prePromote }: FencePlan): LocalConfiguration => {
  const script = { command: SCRIPT, exitStatus: 0, takes: CLOUD_STOP };
  return {
    ...DEFAULT_LOCAL,
    watchdog: { ...DEFAULT_LOCAL.watchdog, mode: watchdog },
    callbacks: onRoleChange ? { on_role_change: script } : {},
    prePromote: prePromote === null ? null : script,
  };
};

/** A plan under a schedule, on the kernel alone. What its scripts do to machines, no part of the governing knows of. */
export class FenceRun implements ScheduledRun {
  readonly play: Play;
  readonly befallen: Befallen[] = [];
  readonly end: Instant;
  /** The machines that scripts have stopped, when. */
  readonly stopped: { at: Instant; node: string }[] = [];
  readonly #plan: FencePlan;
  readonly #schedule: FenceSchedule;
  readonly #due: { at: Instant; node: string }[] = [];
  #struck: string | null = null;
  #done = 0;
  #lines = 0;
  #promotions = 0;

  constructor(plan: FencePlan, number: number, schedule: FenceSchedule) {
    const { withoutWatchdog: without, healedAt } = schedule;
    const local = localOf(plan);
    this.#plan = plan;
    this.#schedule = schedule;
    this.end = after(healedAt, REST);
    this.play = new Play(
      {
        scope: 'ledger',
        dynamic: { ...DEFAULT_DYNAMIC, synchronousMode: plan.synchronousMode, usePgRewind: true },
        local: Object.fromEntries(GOVERNED_NODES.map((node) => [node, local])),
        dcsMembers: ['etcd1', 'etcd2', 'etcd3'],
        withoutWatchdog: plan.hasDevice ? (without === null ? [] : [without]) : GOVERNED_NODES,
        proxy: DEFAULT_PROXY,
      },
      GOVERNED_NODES,
      number,
    );
  }

  runUntil(instant: Instant): void {
    for (;;) {
      const fault = this.#schedule.faults[this.#done];
      if (fault === undefined || fault.at > instant) break;
      this.#done += 1;
      this.#watchUntil(fault.at);
      const { leader } = this.play.governor.dcs.keys;
      const node: string = this.#struck ?? leader?.value ?? GOVERNED_NODES[0];
      if ('node' in fault.action && fault.action.node === LEADER) this.#struck = node;
      const action = castOn(fault.action, node);
      this.play.act(action);
      this.befallen.push({ at: fault.at, action, byScript: false });
    }
    this.#watchUntil(instant);
  }

  /** Scripts are looked after at every tick since the start, wherever a reader stops in between. */
  #watchUntil(end: Instant): void {
    while (this.play.now < end) {
      const tick = (Math.floor(this.play.now / TICK) + 1) * TICK;
      this.play.runUntil(Math.min(end, tick) as Instant);
      if (this.play.now === tick) this.#look();
    }
  }

  #look(): void {
    const { history, now } = this.play;
    for (const { node, text } of history.lines.slice(this.#lines))
      if (text.startsWith('pre_promote script'))
        this.#stop(this.#plan.prePromote === 'the file' ? IN_THE_FILE : this.#lastLeader(node));
    this.#lines = history.lines.length;
    if (this.#plan.onRoleChange) {
      const promotions = promotionsOf(history);
      // The first leader of all is promoted by nobody.
      if (promotions > Math.max(1, this.#promotions))
        this.#due.push({ at: after(now, CLOUD_STOP), node: IN_THE_FILE });
      this.#promotions = promotions;
    }
    for (const due of this.#due.filter(({ at }) => at <= now)) {
      this.#due.splice(this.#due.indexOf(due), 1);
      this.#stop(due.node);
    }
  }

  /** Who held the key before the one that runs the script. */
  #lastLeader(candidate: string): string | null {
    return (
      this.play.history.holder.findLast(({ is }) => is !== null && is !== candidate)?.is ?? null
    );
  }

  #stop(node: string | null): void {
    if (node === null) return;
    const action = { kind: 'powerOff', node } as const;
    this.play.act(action);
    this.stopped.push({ at: this.play.now, node });
    this.befallen.push({ at: this.play.now, action, byScript: true });
  }
}

const promotionsOf = ({ found }: PlayHistory): number =>
  Object.values(found).reduce(
    (sum, all) =>
      sum + all.filter(({ is }, i) => is === 'primary' && all[i - 1]?.is !== 'waiting').length,
    0,
  );

/** Whoever leads when Patroni stops working is the one for whom it works again, too. */
function castOn(action: PlayAction, leader: string): PlayAction {
  if ('node' in action && action.node === LEADER) return { ...action, node: leader };
  if (action.kind === 'switchover') return { ...action, leader };
  return action;
}
