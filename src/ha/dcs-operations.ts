/** What operations do to the keys of the DCS. */
import { after, type Instant } from '../sim/instant.ts';
import type { DcsState } from './dcs.ts';
import type { DcsKeys, Keyed } from './dcs-keys.ts';
import type { DcsAnswer, DcsOperation } from './dcs-port.ts';

/** Applies an operation as a whole, or not at all. */
export function applyOperation(
  state: DcsState,
  operation: DcsOperation,
  at: Instant,
): [DcsState, DcsAnswer] {
  const next = applied(state, operation, at);
  const now = next ?? state;
  const { keys, revision } = now;
  return [now, { done: next !== null, keys, revision, lease: now.nextLease - 1 }];
}

/** Null: a condition of the operation is not met. */
function applied(state: DcsState, operation: DcsOperation, at: Instant): DcsState | null {
  const { keys } = state;
  switch (operation.kind) {
    case 'read':
      return state;
    case 'grantLease': {
      const { ttl } = operation;
      const leases = { ...state.leases, [state.nextLease]: { ttl, expiresAt: after(at, ttl) } };
      return { ...state, nextLease: state.nextLease + 1, leases };
    }
    case 'acquireLeader': {
      const { name, lease } = operation;
      if (keys.leader !== null || !(lease in state.leases)) return null;
      return write(renewed(state, lease, at), (revision) => ({
        leader: { value: name, revision, lease },
      }));
    }
    case 'updateLeader': {
      const { name, lease, lastLsn, failsafe } = operation;
      if (keys.leader?.value !== name || keys.leader.lease !== lease) return null;
      const status = lastLsn === null ? keys.status : { lastLsn, writtenAt: at };
      return write(renewed(state, lease, at), () => ({ status, failsafe }));
    }
    case 'deleteLeader': {
      if (keys.leader?.value !== operation.name) return null;
      const { lastLsn } = operation;
      const status = lastLsn === null ? keys.status : { lastLsn, writtenAt: at };
      return write(state, () => ({ leader: null, status }));
    }
    case 'touchMember': {
      const { member } = operation;
      if (!(member.lease in state.leases)) return null;
      return write(renewed(state, member.lease, at), () => ({
        members: { ...keys.members, [member.name]: member },
      }));
    }
    case 'writeSync':
      if ((keys.sync?.revision ?? null) !== operation.revision) return null;
      return write(state, (revision) => ({ sync: keyed(operation.sync, revision) }));
    case 'writeFailover':
      return write(state, (revision) => ({ failover: keyed(operation.request, revision) }));
    case 'writeConfig':
      return write(state, (revision) => ({ config: { value: operation.config, revision } }));
    case 'writeHistory':
      return write(state, () => ({ history: operation.history }));
  }
}

const keyed = <T>(value: T | null, revision: number): Keyed<T> | null =>
  value === null ? null : { value, revision };

function write(state: DcsState, change: (revision: number) => Partial<DcsKeys>): DcsState {
  const revision = state.revision + 1;
  return { ...state, revision, keys: { ...state.keys, ...change(revision) } };
}

function renewed(state: DcsState, lease: number, at: Instant): DcsState {
  const one = state.leases[lease];
  if (one === undefined) return state;
  const leases = { ...state.leases, [lease]: { ...one, expiresAt: after(at, one.ttl) } };
  return { ...state, leases };
}

/** A lease ends, and the keys that were held with it go. */
export function withoutLease(state: DcsState, lease: number): DcsState {
  const { [lease]: _, ...leases } = state.leases;
  const { leader, members } = state.keys;
  const kept = Object.entries(members).filter(([, member]) => member.lease !== lease);
  return write({ ...state, leases }, () => ({
    leader: leader?.lease === lease ? null : leader,
    members: Object.fromEntries(kept),
  }));
}
