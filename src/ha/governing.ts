/** One step of the governor: what its parts do to each other at one instant. */
import { after, type Instant, ms, seconds } from '../sim/instant.ts';
import { advanceDcs, askDcs, type DcsState, dcsNextAt, type Reaches } from './dcs.ts';
import {
  type GovernedNode,
  type GovernorEffect,
  type GovernorEvent,
  type GovernorState,
  HOP,
  identityOf,
  type LookAt,
} from './governor-state.ts';
import type { Look, PatroniEffect, PatroniInput } from './patroni/port.ts';
import { newPatroni, patroni } from './patroni/process.ts';
import { answerRequest } from './rest.ts';

/** From the switch to Patroni's start. */
const PATRONI_START = seconds(1);

/** Simplified: how long a machine that its watchdog has reset takes to boot. */
const REBOOT = seconds(30);

export class Governing {
  state: GovernorState;
  readonly at: Instant;
  readonly postgres: LookAt;
  readonly effects: GovernorEffect[] = [];

  constructor(state: GovernorState, at: Instant, postgres: LookAt) {
    this.state = state;
    this.at = at;
    this.postgres = postgres;
  }

  node(name: string): GovernedNode {
    const node = this.state.nodes[name];
    if (node === undefined) throw new RangeError(`no node ${name} is governed`);
    return node;
  }

  change(name: string, change: Partial<GovernedNode>): void {
    const node = { ...this.node(name), ...change };
    this.state = { ...this.state, nodes: { ...this.state.nodes, [name]: node } };
  }

  happened(event: string, node: string | null, words: string): void {
    this.effects.push({ kind: 'happened', event, node, words });
  }

  schedule(at: Instant, event: GovernorEvent): void {
    this.effects.push({ kind: 'schedule', at, event });
  }

  readonly reaches: Reaches = (a, b) => {
    const { nodes, cuts } = this.state;
    if (nodes[a]?.machine === 'off' || nodes[b]?.machine === 'off') return false;
    return !cuts.includes(pairOf(a, b));
  };

  /** Whether this is still the Patroni that an event was meant for. */
  lives(name: string, life: number): boolean {
    const { process, life: now } = this.node(name);
    return process !== 'stopped' && now === life;
  }

  tellPatroni(name: string, input: PatroniInput): void {
    const node = this.node(name);
    if (node.patroni === null || node.process === 'stopped') return;
    if (node.process === 'frozen') {
      this.change(name, { missed: [...node.missed, input] });
      return;
    }
    const [state, effects] = patroni(node.patroni, input, this.at, this.#look(name));
    this.change(name, { patroni: state });
    for (const effect of effects) this.#carryOut(name, effect);
  }

  #look(name: string): Look {
    const others = Object.keys(this.state.nodes)
      .filter((other) => other !== name && this.reaches(name, other))
      .map((other) => [other, this.postgres(other)] as const)
      .filter(([, { status }]) => status === 'up');
    return {
      own: this.postgres(name),
      others: Object.fromEntries(others),
      watchdogWorks: this.node(name).watchdogWorks,
    };
  }

  #carryOut(name: string, effect: PatroniEffect): void {
    const { life } = this.node(name);
    switch (effect.kind) {
      case 'send': {
        const { to, id, request } = effect;
        const event = { kind: 'request', from: name, life, to, id, request } as const;
        this.schedule(after(this.at, HOP), event);
        break;
      }
      case 'timer':
        if (Number.isFinite(effect.at))
          this.schedule(effect.at, {
            kind: 'patroni',
            node: name,
            life,
            input: { kind: 'timer', token: effect.token },
          });
        break;
      case 'postgres':
        this.effects.push({ kind: 'postgres', node: name, command: effect.command });
        break;
      case 'log':
        this.effects.push({ kind: 'log', node: name, level: effect.level, text: effect.text });
        break;
      case 'watchdog':
        this.#watchdog(name, effect);
        break;
      case 'callback':
        this.happened(
          'callback',
          name,
          `${name} runs its callback ${effect.name}: ${effect.script.command}. Nobody waits for it, or for its exit status.`,
        );
        break;
    }
  }

  #watchdog(name: string, effect: PatroniEffect & { readonly kind: 'watchdog' }): void {
    if (effect.do === 'close') {
      this.change(name, { firesAt: null });
      return;
    }
    const firesAt = after(this.at, effect.timeout);
    this.change(name, { firesAt });
    this.schedule(firesAt, { kind: 'watchdog', node: name });
  }

  watchdogRings(name: string): void {
    const { firesAt } = this.node(name);
    if (firesAt === null || firesAt > this.at) return;
    this.happened(
      'watchdogReset',
      name,
      `The watchdog of ${name} has not been fed in time: it resets the machine.`,
    );
    this.machineOff(name);
    this.effects.push({ kind: 'reset', node: name });
    this.schedule(after(this.at, REBOOT), { kind: 'switchOn', node: name });
  }

  machineOff(name: string): void {
    this.change(name, { machine: 'off', process: 'stopped', firesAt: null, missed: [] });
  }

  machineOn(name: string): void {
    this.change(name, { machine: 'on' });
    this.startPatroni(name);
  }

  startPatroni(name: string): void {
    const { life } = this.node(name);
    const { spec } = this.state;
    this.change(name, {
      patroni: newPatroni(identityOf(spec, name), spec.dynamic, this.at),
      process: 'running',
      missed: [],
      life: life + 1,
    });
    this.schedule(after(this.at, PATRONI_START), {
      kind: 'patroni',
      node: name,
      life: life + 1,
      input: { kind: 'begin' },
    });
  }

  /** A request has come to where it was sent, if nothing is in between. */
  deliver(event: GovernorEvent & { readonly kind: 'request' }): void {
    const { from, to, id, life, request } = event;
    if (!this.reaches(from, to)) return;
    const reply = (answer: Parameters<typeof this.hand>[0]['answer'], wait = HOP) =>
      this.schedule(after(this.at, wait), { kind: 'reply', from: to, to: from, life, id, answer });
    if (request.kind !== 'dcs') {
      const answer = answerRequest(this, to, request);
      if (answer !== null) reply(answer);
      return;
    }
    const before = this.state.dcs;
    const [dcs, answer] = askDcs(before, to, request.operation, this.at, this.reaches);
    this.changeDcs(dcs, from);
    // A member that does not lead asks the leader, and the leader a majority.
    if (answer !== null) reply({ kind: 'dcs', answer }, ms((to === dcs.leader ? 2 : 3) * 2));
  }

  hand({ from, to, life, id, answer }: GovernorEvent & { readonly kind: 'reply' }): void {
    if (this.reaches(from, to) && this.lives(to, life))
      this.tellPatroni(to, { kind: 'answer', id, answer });
  }

  wakeDcs(): void {
    this.state = { ...this.state, dcsWakeAt: null };
    const hadLeader = this.state.dcs.leader !== null;
    this.changeDcs(advanceDcs(this.state.dcs, this.at, this.reaches), null);
    const { leader } = this.state.dcs;
    if (!hadLeader && leader !== null)
      this.happened('dcsElection', null, `${leader} is elected leader of the DCS.`);
  }

  /** The DCS has changed: whoever watches hears of it, and it is woken when it has something to do next. */
  changeDcs(dcs: DcsState, writer: string | null): void {
    const before = this.state.dcs;
    this.state = { ...this.state, dcs };
    if (dcs.keys !== before.keys) this.#tellWatchers(before, dcs, writer);
    const next = dcsNextAt(dcs);
    const { dcsWakeAt } = this.state;
    if (next === null || (dcsWakeAt !== null && dcsWakeAt <= next && dcsWakeAt >= this.at)) return;
    this.state = { ...this.state, dcsWakeAt: next };
    this.schedule(Math.max(next, this.at) as Instant, { kind: 'dcsWake' });
  }

  #tellWatchers(before: DcsState, { keys, members }: DcsState, writer: string | null): void {
    const leader = keys.leader?.value ?? null;
    const formerLeader = before.keys.leader?.value ?? null;
    if (formerLeader !== leader)
      this.happened(
        leader === null ? 'leaderKeyGone' : 'leaderKeyTaken',
        leader ?? formerLeader,
        leader === null
          ? `Nobody holds the leader key any more; it was ${formerLeader}'s.`
          : `${leader} takes the leader key.`,
      );
    const key = leader !== formerLeader || before.keys.config !== keys.config;
    const status = before.keys.status?.lastLsn !== keys.status?.lastLsn;
    if (!key && !status) return;
    for (const [name, { life }] of Object.entries(this.state.nodes)) {
      const hears = key ? name !== writer : name !== leader;
      const linked = Object.keys(members).some(
        (member) => members[member] === 'up' && this.reaches(name, member),
      );
      if (hears && linked) this.wakePatroni(name, life);
    }
  }

  wakePatroni(name: string, life = this.node(name).life): void {
    const event = { kind: 'patroni', node: name, life, input: { kind: 'wake' } } as const;
    this.schedule(after(this.at, HOP), event);
  }
}

/** Names a pair whichever way round it is said. */
export const pairOf = (a: string, b: string): string => (a < b ? `${a}|${b}` : `${b}|${a}`);
