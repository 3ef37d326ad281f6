import {
  DEFAULT_DYNAMIC,
  DEFAULT_LOCAL,
  type LocalConfiguration,
  type WatchdogMode,
} from '../ha/configuration.ts';
import { DEFAULT_PROXY } from '../ha/ha-port.ts';
import { type Acknowledged, Play, type PlayAction, type PlayHistory } from '../ha/play/play.ts';
import { after, type Duration, type Instant, ms, seconds } from '../sim/instant.ts';
import { type FenceSchedule, fenceSchedule, LEADER } from './fence-schedule.ts';
import type { Broken } from './invariants.ts';
import { GOVERNED_NODES, twoPrimaries } from './prove-governor.ts';

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

/** What came of one schedule. */
export interface FenceProof {
  readonly number: number;
  readonly schedule: FenceSchedule;
  readonly history: PlayHistory;
  /** The machines that scripts have stopped, when. */
  readonly stopped: readonly { readonly at: Instant; readonly node: string }[];
  /** The longest time in which two nodes took writes, in words; null where there was none. */
  readonly two: Broken | null;
  readonly silence: Duration;
}

/** How long a cloud takes to stop a machine in order, and to say so. */
export const CLOUD_STOP = seconds(40);
/** After one fault, writes have to be acknowledged again within: a key's life, a stop in the cloud, two rounds of the loop. */
export const BACK_WITHIN = seconds(120);
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

/** Plays a schedule with a plan, on the kernel alone. */
export function proveFence(plan: FencePlan, number: number): FenceProof {
  const schedule = fenceSchedule(number);
  const local = localOf(plan);
  const { withoutWatchdog: without } = schedule;
  const play = new Play(
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
  const scripts = new FenceScripts(play, plan);
  let struck: string | null = null;
  for (const { at, action } of schedule.faults) {
    scripts.runUntil(at);
    const leader: string = struck ?? play.governor.dcs.keys.leader?.value ?? GOVERNED_NODES[0];
    if ('node' in action && action.node === LEADER) struck = leader;
    play.act(castOn(action, leader));
  }
  const until = after(schedule.healedAt, REST);
  scripts.runUntil(until);
  const { history } = play;
  const [two = null] = twoPrimaries(history, until);
  const silence = longestSilence(history.acknowledged, schedule.firstAt, until);
  return { number, schedule, history, stopped: scripts.stopped, two, silence };
}

/** Whoever leads when Patroni stops working is the one for whom it works again, too. */
function castOn(action: PlayAction, leader: string): PlayAction {
  if ('node' in action && action.node === LEADER) return { ...action, node: leader };
  if (action.kind === 'switchover') return { ...action, leader };
  return action;
}

/** What the plan's scripts do to machines, which no part of the governing knows of. */
class FenceScripts {
  readonly stopped: { at: Instant; node: string }[] = [];
  readonly #play: Play;
  readonly #plan: FencePlan;
  readonly #due: { at: Instant; node: string }[] = [];
  #lines = 0;
  #promotions = 0;

  constructor(play: Play, plan: FencePlan) {
    this.#play = play;
    this.#plan = plan;
  }

  runUntil(end: Instant): void {
    while (this.#play.now < end) {
      this.#play.runUntil(Math.min(end, after(this.#play.now, TICK)) as Instant);
      this.#look();
    }
  }

  #look(): void {
    const { history, now } = this.#play;
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
      this.#play.history.holder.findLast(({ is }) => is !== null && is !== candidate)?.is ?? null
    );
  }

  #stop(node: string | null): void {
    if (node === null) return;
    this.#play.act({ kind: 'powerOff', node });
    this.stopped.push({ at: this.#play.now, node });
  }
}

const promotionsOf = ({ found }: PlayHistory): number =>
  Object.values(found).reduce(
    (sum, all) =>
      sum + all.filter(({ is }, i) => is === 'primary' && all[i - 1]?.is !== 'waiting').length,
    0,
  );

/** The longest time in which no server acknowledged a write. */
function longestSilence(
  acknowledged: readonly Acknowledged[],
  from: Instant,
  until: Instant,
): Duration {
  let longest = 0;
  let before = from;
  for (const { at } of acknowledged) {
    if (at < from) continue;
    longest = Math.max(longest, at - before);
    before = at;
  }
  return Math.max(longest, until - before) as Duration;
}
