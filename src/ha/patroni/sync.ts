/** Synchronous replication as Patroni keeps it: synchronous_standby_names and the key /sync, in an order that loses nothing. */
import type { Lsn } from '../../postgres/lsn.ts';
import { parseSynchronousStandbyNames } from '../../postgres/synchronous-standby-names.ts';
import { after, ms, seconds } from '../../sim/instant.ts';
import type { SyncState } from '../dcs-keys.ts';
import { resolveQuorum } from './quorum.ts';
import { quorumModeIsActive } from './race.ts';
import type { Call, Run } from './run.ts';

/** A node's view of its own standbys (patroni/postgresql/sync.py, `_SyncState`). */
export interface CurrentSync {
  readonly numSync: number;
  readonly names: readonly string[];
  /** Synchronous by pg_stat_replication, and past where the names were changed. */
  readonly confirmed: readonly string[];
  /** Those that stream and may be synchronous, as many as are wanted (in quorum mode all). */
  readonly active: readonly string[];
}

export function* processSyncReplication(run: Run): Call<void> {
  const { memory } = run;
  const { synchronousMode } = memory.dynamic;
  if (synchronousMode === 'quorum') {
    if (!run.isPrimary) return;
    const settled =
      memory.promotedAt === null || run.at > after(memory.promotedAt, memory.dynamic.loopWait);
    if (settled) yield* processQuorum(run);
    memory.promotedAt ??= run.at;
  } else if (synchronousMode === 'on') yield* processMultisync(run);
  else yield* disable(run);
}

/** synchronous_mode is off: the names are those of `parameters`, whoever acknowledges is nobody's business. */
function* disable(run: Run): Call<void> {
  const { sync } = run.keys;
  if (sync !== null) {
    const { done } = yield* run.dcs({ kind: 'writeSync', sync: null, revision: sync.revision });
    if (done) run.info('Disabled synchronous replication');
  }
  const { dynamic } = run.memory;
  const wanted =
    run.identity.local.parameters.synchronous_standby_names ??
    dynamic.parameters.synchronous_standby_names ??
    '';
  if (run.look.own.synchronousStandbyNames !== wanted)
    run.postgres({ kind: 'synchronousStandbyNames', value: wanted });
}

/** /sync names this node as the leader, even while there is nobody to be synchronous. Null: somebody else wrote it. */
function* enable(run: Run): Call<{ sync: SyncState; revision: number } | null> {
  const { sync } = run.keys;
  if (sync !== null) return { sync: sync.value, revision: sync.revision };
  const empty = { leader: run.node, members: [], quorum: 0 };
  const revision = yield* writeSync(run, empty, null);
  if (revision === null) {
    run.log('WARNING', 'Updating sync state failed');
    return null;
  }
  run.info('Enabled synchronous replication');
  return { sync: empty, revision };
}

function* writeSync(run: Run, sync: SyncState, revision: number | null): Call<number | null> {
  const answer = yield* run.dcs({ kind: 'writeSync', sync, revision });
  run.memory.keys = answer.keys;
  return answer.done ? answer.revision : null;
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));
const both = (a: readonly string[], b: readonly string[]) => a.filter((one) => b.includes(one));
const list = (names: readonly string[]) => `[${names.map((name) => `'${name}'`).join(', ')}]`;

function* processMultisync(run: Run): Call<void> {
  const enabled = yield* enable(run);
  if (enabled === null) return;
  let { sync, revision } = enabled;
  const current = currentSync(run);
  let picked = current.active;
  let allowed = current.confirmed;
  const write = function* (members: readonly string[]): Call<boolean> {
    const next = { leader: run.node, members: [...members].sort(), quorum: 0 };
    const written = yield* writeSync(run, next, revision);
    if (written === null) return false;
    sync = next;
    revision = written;
    return true;
  };
  if (sync.leader !== run.node) {
    run.log(
      'WARNING',
      `Inconsistent state of /sync key detected, leader = ${sync.leader} doesn't match ${run.node}, updating synchronous replication key`,
    );
    if (!(yield* write([]))) return run.log('WARNING', 'Updating sync state failed');
  }
  if (same(picked, sync.members) && !same(sync.members, allowed)) {
    run.log(
      'WARNING',
      `Inconsistent state between synchronous_standby_names = ${list(allowed)} and /sync = ${list(sync.members)} key detected, updating synchronous replication key...`,
    );
    if (!(yield* write(allowed))) return run.log('WARNING', 'Updating sync state failed');
  }
  if (
    same(picked, sync.members) &&
    same(picked, current.names) &&
    current.numSync === picked.length
  )
    return;
  // A node leaves /sync before it leaves the names: only who is surely synchronous may be promoted.
  const common = both(sync.members, allowed);
  if (!same(common, sync.members)) {
    run.info(
      `Updating synchronous privilege temporarily from ${list(sync.members)} to ${list(common)}`,
    );
    if (!(yield* write(common)))
      return run.info('Synchronous replication key updated by someone else.');
  }
  if (run.memory.dynamic.synchronousModeStrict && picked.length === 0) {
    picked = ['*'];
    run.log('WARNING', 'No standbys available!');
  }
  yield* setNames(run, picked, null);
  if (picked.length > 0 && picked[0] !== '*' && !same(allowed, picked)) {
    yield* run.sleep(seconds(2)); // PostgreSQL needs a moment until they are synchronous
    allowed = currentSync(run).confirmed;
  }
  if (allowed.length === 0 || same(allowed, common)) return;
  if (yield* write(allowed)) run.info(`Synchronous standby status assigned to ${list(allowed)}`);
  else run.info('Synchronous replication key updated by someone else');
}

function* processQuorum(run: Run): Call<void> {
  const { dynamic } = run.memory;
  const least = dynamic.synchronousModeStrict ? 1 : 0;
  const wanted = Math.max(dynamic.synchronousNodeCount, least);
  const startedAt = run.at;
  const late = (ahead = 0) => run.at - startedAt + ahead >= dynamic.loopWait;
  const enabled = yield* enable(run);
  if (enabled === null) return;
  let { sync, revision } = enabled;
  for (;;) {
    const current = currentSync(run);
    let restart = false;
    const transitions = resolveQuorum({
      leader: sync.leader,
      quorum: sync.quorum,
      voters: sync.members,
      numSync: current.numSync,
      sync: current.names,
      numSyncConfirmed: current.confirmed.length,
      active: current.active,
      syncWanted: wanted,
      leaderWanted: run.node,
    });
    for (const { kind, leader, count, nodes } of transitions) {
      if (late()) return;
      const names = [...nodes].sort();
      restart = kind === 'restart';
      if (kind === 'quorum') {
        run.info(
          `Setting leader to ${leader}, quorum to ${count} of ${names.length} (${names.join(', ')})`,
        );
        const next = { leader, members: names, quorum: count };
        const written = yield* writeSync(run, next, revision);
        if (written === null)
          return run.info('Synchronous replication key updated by someone else.');
        sync = next;
        revision = written;
      } else if (kind === 'sync') {
        run.info(
          `Setting synchronous replication to ${count} of ${names.length} (${names.join(', ')})`,
        );
        if (count < least)
          run.log(
            'WARNING',
            `Replication factor ${least + 1} requested, but ${count} synchronous standbys available. Commits will be delayed.`,
          );
        yield* setNames(run, names, Math.max(count, least));
      }
    }
    if (!restart || late(1_000_000)) return;
    yield* run.sleep(seconds(1));
  }
}

/** The names and /sync right before a promotion. False: somebody else has written /sync. */
export function* beforePromote(run: Run): Call<boolean> {
  const { dynamic } = run.memory;
  if (dynamic.synchronousMode === 'off') {
    yield* disable(run);
    return true;
  }
  const least = dynamic.synchronousModeStrict ? 1 : 0;
  const { sync } = run.keys;
  if (quorumModeIsActive(run) && sync !== null) {
    const { members, quorum } = sync.value;
    const isVoter = members.includes(run.node);
    const names = members.filter((name) => name !== run.node);
    yield* setNames(run, names, members.length - quorum - (isVoter ? 1 : 0));
    return true;
  }
  if (dynamic.synchronousMode === 'on') {
    const own = { leader: run.node, members: [], quorum: 0 };
    if ((yield* writeSync(run, own, sync?.revision ?? null)) === null) return false;
  }
  yield* setNames(run, [], least);
  return true;
}

/** Sets synchronous_standby_names and waits for the reload. `count` is given in quorum mode. */
function* setNames(run: Run, nodes: readonly string[], count: number | null): Call<void> {
  const quorum = run.memory.dynamic.synchronousMode === 'quorum';
  const star = nodes.includes('*') || ((count ?? 0) >= 1 && nodes.length === 0);
  const names = star ? ['*'] : [...nodes].sort().map(quoted);
  const many = names.length > 1 || (quorum && names.length > 0);
  const value = many
    ? `${quorum ? 'ANY ' : ''}${count ?? names.length} (${names.join(',')})`
    : (names[0] ?? '');
  if (value !== '') run.info(`Assigning synchronous_standby_names to ${value}`);
  if (run.look.own.synchronousStandbyNames === value) return;
  run.postgres({ kind: 'synchronousStandbyNames', value });
  if (!star && run.isPrimary) yield* run.sleep(ms(100));
}

const quoted = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name}"`);

/** Who could be, and who really is, synchronous now (SyncHandler.current_state). */
export function currentSync(run: Run): CurrentSync {
  const { memory, look } = run;
  const { own } = look;
  const { dynamic } = memory;
  const parsed = parseSynchronousStandbyNames(own.synchronousStandbyNames).names;
  const members = (parsed?.members ?? []).map((member) => String(member));
  if (own.synchronousStandbyNames !== memory.sync.names)
    memory.sync = {
      names: own.synchronousStandbyNames,
      changedAt: own.walLsn,
      ready: memory.sync.ready.filter((name) => members.includes(name)),
    };
  const quorum = dynamic.synchronousMode === 'quorum';
  const rows = own.replication.flatMap((row) => {
    const member = run.keys.members[row.applicationName];
    return member && member.state === 'running' && !member.tags.nosync
      ? [
          {
            ...row,
            nofailover: member.tags.nofailover,
            lsn: positionOf(row, own.synchronousCommit),
          },
        ]
      : [];
  });
  rows.sort((one, other) => rank(other.syncState) - rank(one.syncState) || other.lsn - one.lsn);
  const { ready, changedAt } = memory.sync;
  const nowReady = rows
    .filter(({ applicationName: name, syncState, lsn }) => {
      if (ready.includes(name)) return true;
      if (!members.includes(name)) return false;
      if (quorum) return syncState === 'quorum' && lsn >= changedAt;
      return (
        run.keys.sync?.value.members.includes(name) || (syncState === 'sync' && lsn >= changedAt)
      );
    })
    .map(({ applicationName }) => applicationName);
  memory.sync = { ...memory.sync, ready: nowReady };
  const furthest = rows.length > 1 ? Math.max(...rows.map(({ lsn }) => lsn)) : own.walLsn;
  const wanted = Math.max(dynamic.synchronousNodeCount, dynamic.synchronousModeStrict ? 1 : 0);
  const active: string[] = [];
  const confirmed: string[] = [];
  for (const row of [...rows].sort((a, b) => Number(a.nofailover) - Number(b.nofailover))) {
    const { applicationName: name, lsn, syncState, nofailover } = row;
    const maxLag = dynamic.maximumLagOnSyncnode;
    if (maxLag > 0 && furthest - lsn > maxLag) continue;
    if (quorum) {
      if (nofailover && active.length >= wanted) continue;
      if (nowReady.includes(name)) confirmed.push(name);
      active.push(name);
    } else {
      active.push(name);
      if (syncState === 'sync' && nowReady.includes(name)) confirmed.push(name);
      if (active.length >= wanted) break;
    }
  }
  const star = members.includes('*');
  return { numSync: parsed?.numSync ?? 0, names: star ? [] : members, confirmed, active };
}

/** Patroni sorts sync_state as text, descending. */
const rank = (state: string): number => ['async', 'potential', 'quorum', 'sync'].indexOf(state);

function positionOf(
  row: { readonly writeLsn: Lsn; readonly flushLsn: Lsn; readonly replayLsn: Lsn },
  level: string,
): Lsn {
  if (level === 'remote_apply') return row.replayLsn;
  return level === 'remote_write' ? row.writeLsn : row.flushLsn;
}
