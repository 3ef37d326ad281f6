/**
 * The DCS: etcd with three members. It answers where a member reaches its leader and a majority, elects a new leader where the
 * old one does not reach one any more, and ends leases. Simplified: its log is not modelled, an operation is applied at one
 * instant, and a member that has no majority gives no answer instead of an error after its own timeout.
 */
import { after, type Duration, type Instant, ms } from '../sim/instant.ts';
import { Prng, type PrngState } from '../sim/prng.ts';
import type { DynamicConfiguration } from './configuration.ts';
import type { DcsKeys } from './dcs-keys.ts';
import { applyOperation, withoutLease } from './dcs-operations.ts';
import type { DcsAnswer, DcsOperation } from './dcs-port.ts';

export interface DcsState {
  readonly members: Readonly<Record<string, 'up' | 'frozen' | 'down'>>;
  /** Its raft leader; null while there is none. */
  readonly leader: string | null;
  /** When a member without a leader stands for election; null where none does. */
  readonly electionAt: Instant | null;
  readonly keys: DcsKeys;
  readonly revision: number;
  readonly nextLease: number;
  /** By lease: its length, and when it ends if nobody renews it. */
  readonly leases: Readonly<Record<number, Lease>>;
  readonly random: PrngState;
}

export interface Lease {
  readonly ttl: Duration;
  readonly expiresAt: Instant;
}

/** etcd's --election-timeout: a follower waits for one to two of these before it stands for election. */
const ELECTION_TIMEOUT = ms(1000);

/** Whether two parties reach each other. */
export type Reaches = (a: string, b: string) => boolean;

export function startDcs(
  members: readonly string[],
  config: DynamicConfiguration,
  seed: number,
): DcsState {
  return {
    members: Object.fromEntries(members.map((name) => [name, 'up'])),
    leader: members[0] ?? null,
    electionAt: null,
    keys: {
      initialize: '7301412345678901234',
      config: { value: config, revision: 1 },
      leader: null,
      members: {},
      sync: null,
      failover: null,
      status: null,
      failsafe: null,
      history: [],
    },
    revision: 1,
    nextLease: 1,
    leases: {},
    random: Prng.seeded(seed).fork('dcs').state,
  };
}

/** Whether a member reaches a majority of all members, itself included. */
export function inMajority({ members }: DcsState, name: string, reaches: Reaches): boolean {
  if (members[name] !== 'up') return false;
  const all = Object.keys(members);
  const heard = all.filter(
    (other) => other === name || (members[other] === 'up' && reaches(name, other)),
  );
  return heard.length * 2 > all.length;
}

/** The answer of a member at this instant, or null where it has none to give. */
export function askDcs(
  state: DcsState,
  member: string,
  operation: DcsOperation,
  at: Instant,
  reaches: Reaches,
): [DcsState, DcsAnswer | null] {
  const { leader } = state;
  const answers =
    leader !== null &&
    state.members[member] === 'up' &&
    inMajority(state, leader, reaches) &&
    (member === leader || reaches(member, leader));
  return answers ? applyOperation(state, operation, at) : [state, null];
}

/** Something has changed among its members or their links: does the leader still lead? */
export function reviewDcs(state: DcsState, at: Instant, reaches: Reaches): DcsState {
  const { leader, electionAt } = state;
  if (leader !== null && inMajority(state, leader, reaches)) return state;
  const able = Object.keys(state.members).some((name) => inMajority(state, name, reaches));
  if (!able) return { ...state, leader: null, electionAt: null };
  if (leader === null && electionAt !== null) return state;
  const prng = new Prng(state.random);
  const wait = ms(ELECTION_TIMEOUT / 1000 + prng.below(ELECTION_TIMEOUT / 1000));
  return { ...state, leader: null, electionAt: after(at, wait), random: prng.state };
}

/** The instant at which something happens in it by itself; null where nothing will. */
export function dcsNextAt({ leader, electionAt, leases }: DcsState): Instant | null {
  // A lease ends by a decision of the members: without a leader none does.
  if (leader === null) return electionAt;
  const ends = Object.values(leases).map(({ expiresAt }) => expiresAt);
  return ends.length === 0 ? null : (Math.min(...ends) as Instant);
}

/** What happens in it by itself at this instant: an election, or leases that end. */
export function advanceDcs(state: DcsState, at: Instant, reaches: Reaches): DcsState {
  if (state.leader === null)
    return state.electionAt !== null && state.electionAt <= at ? elect(state, at, reaches) : state;
  const ended = Object.entries(state.leases).filter(([, { expiresAt }]) => expiresAt <= at);
  return ended.reduce((now, [lease]) => withoutLease(now, Number(lease)), state);
}

/** A new leader cannot know what the old one had renewed: it gives every lease its whole length again (etcd's `Promote`). */
function elect(state: DcsState, at: Instant, reaches: Reaches): DcsState {
  const leader = Object.keys(state.members).find((name) => inMajority(state, name, reaches));
  if (leader === undefined) return { ...state, electionAt: null };
  const leases = Object.fromEntries(
    Object.entries(state.leases).map(([id, lease]) => [
      id,
      { ...lease, expiresAt: after(at, lease.ttl) },
    ]),
  );
  return { ...state, leader, electionAt: null, leases };
}
