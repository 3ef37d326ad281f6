import { describe, expect, it } from 'vitest';
import { drawTrouble } from '../../../src/postgres/fault-draw.ts';
import type { Lsn } from '../../../src/postgres/lsn.ts';
import { FSYNC_TIME, LINK_DELAY } from '../../../src/postgres/replication-state.ts';
import { recoveryView } from '../../../src/postgres/replication-view.ts';
import {
  type SynchronousCommit,
  standbyPriority,
  waitModeOf,
} from '../../../src/postgres/sync-rep.ts';
import { faultSchedule } from '../../../src/sim/fault-schedule.ts';
import { type Duration, instant, ms, seconds } from '../../../src/sim/instant.ts';
import { Prng } from '../../../src/sim/prng.ts';
import { type Commit, Rig } from './rig.ts';

const SEEDS = 200;
const STANDBYS = ['standby1', 'standby2'] as const;
const LEVELS: readonly SynchronousCommit[] = [
  'off',
  'local',
  'remote_write',
  'on',
  'on',
  'remote_apply',
];
const NAMES = [
  '',
  'standby1',
  'FIRST 1 (standby1, standby2)',
  '*',
  'FIRST 2 (standby1, standby2)',
  'ANY 1 (standby1, standby2)',
  'ANY 2 (*)',
].concat('ANY 2 (standby1, standby2)');
const FAULTS_END = seconds(60);

describe('replication under faults', () => {
  it(`keeps its promises and converges, whatever happens (${SEEDS} seeds)`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const reason = play(seed);
      expect(reason, `seed ${seed}: run play(${seed})`).toBeNull();
    }
  }, 120_000);

  it('is the same run for the same seed', () => {
    const hash = (seed: number) => {
      const rig = new Rig({ seed });
      storm(rig, seed);
      return rig.trace.hash;
    };
    expect(hash(5)).toBe(hash(5));
    expect(hash(5)).not.toBe(hash(6));
  }, 120_000);
});

/** One seeded run. Null, or what went wrong. */
function play(seed: number): string | null {
  const prng = Prng.seeded(seed).fork('rig');
  const names = prng.pick(NAMES);
  const rig = new Rig({ names, seed });
  const watcher = new Watcher(rig);
  storm(rig, seed);
  if (watcher.broken) return `${names || 'no names'}: ${watcher.broken}`;
  const behind = rig.settle(150_000_000);
  if (behind) return `${names || 'no names'}: after healing, ${behind}`;
  rig.wait(seconds(11));
  if (watcher.broken) return watcher.broken;
  const last = rig.commit('remote_apply');
  rig.wait(seconds(1));
  if (last.state !== 'done') return `${names}: a commit after healing is ${last.state}`;
  for (const commit of rig.commits.values()) {
    if (commit.state === 'flushing' || commit.state === 'waiting') {
      return `${names}: commit ${commit.id} at ${commit.level} is still ${commit.state}`;
    }
  }
  const end = rig.state.nodes.primary?.wal.flushLsn;
  for (const standby of STANDBYS) {
    const { replayLsn, flushLsn } = rig.recovery(standby);
    if (replayLsn !== end || flushLsn !== end)
      return `${standby} stands at ${replayLsn}, not ${end}`;
  }
  return null;
}

/** A minute of commits and faults. */
function storm(rig: Rig, seed: number): void {
  const root = Prng.seeded(seed);
  const prng = root.fork('workload');
  rig.settle();
  const subjects = {
    primary: 'primary',
    standbys: STANDBYS,
    linkDelay: LINK_DELAY,
    fsyncTime: FSYNC_TIME,
  };
  const faults = faultSchedule(root.fork('faults'), {
    from: instant(rig.now),
    until: instant(FAULTS_END),
    count: prng.between(1, 16),
    longest: seconds(prng.pick([1, 10, 70])),
    draw: (drawn) => drawTrouble(drawn, subjects),
  });
  for (const { at, fault } of faults) {
    while (rig.now < at) {
      rig.wait(Math.min(at - rig.now, ms(prng.between(1, 400))) as Duration);
      if (rig.state.nodes.primary?.status !== 'up') continue;
      const commit = rig.commit(prng.pick(LEVELS), prng.pick([56, 120, 3_000, 200_000]));
      if (prng.chance(0.05) && commit.state === 'waiting') rig.cancel(commit);
    }
    rig.input(fault);
  }
}

/** Judges every step of a run. */
class Watcher {
  broken: string | null = null;
  readonly #rig: Rig;
  /** How many of the answered commits have been judged. */
  #judged = 0;
  #primaryStatus = 'up';
  /** A machine that stops loses what it had only written: no promise of remote_write. */
  #anyPowerOff = false;
  readonly #seen = new Map<number, { sent: number; flush: number; replay: number }>();

  constructor(rig: Rig) {
    this.#rig = rig;
    rig.watch = () => {
      this.broken ??= this.#positions() ?? this.#promises();
    };
  }

  #positions(): string | null {
    const { primary } = this.#rig.state.nodes;
    if (!primary) return 'no primary';
    const flushed = primary.wal.flushLsn;
    if (primary.wal.writeLsn < flushed || primary.wal.insertLsn < primary.wal.writeLsn) {
      return 'the primary has flushed what it has not written';
    }
    for (const standby of STANDBYS) {
      if (this.#rig.state.nodes[standby]?.status === 'off') this.#anyPowerOff = true;
      const own = recoveryView(this.#rig.state, standby);
      if (own.replayLsn > own.flushLsn) return `${standby} has replayed what it has not flushed`;
      if (own.flushLsn > own.writeLsn) return `${standby} has flushed what it has not written`;
      if (own.writeLsn > flushed) return `${standby} has WAL that the primary has not flushed`;
    }
    for (const row of this.#rig.rows()) {
      const own = recoveryView(this.#rig.state, row.standby);
      const sent = row.sentLsn ?? 0;
      const flush = row.flushLsn ?? 0;
      const replay = row.replayLsn ?? 0;
      const before = this.#seen.get(row.connection);
      this.#seen.set(row.connection, { sent, flush, replay });
      if (sent > flushed) return 'the walsender has sent what is not flushed';
      if (replay > flush) return `${row.standby} is said to have replayed what it has not flushed`;
      if (this.#isOld(row.standby, row.connection)) continue;
      if (replay > own.replayLsn || flush > own.flushLsn || (row.writeLsn ?? 0) > own.writeLsn) {
        return `the primary believes more of ${row.standby} than is true`;
      }
      if (before && (sent < before.sent || flush < before.flush || replay < before.replay)) {
        return `a position of ${row.standby} went back`;
      }
    }
    return null;
  }

  /** A walsender whose standby has stopped since: what it believes was true once. */
  #isOld(standby: string, connection: number): boolean {
    const node = this.#rig.state.nodes[standby];
    return node?.status !== 'up' || node.walreceiver.connection !== connection;
  }

  #promises(): string | null {
    for (; this.#judged < this.#rig.answered.length; this.#judged++) {
      const commit = this.#rig.answered[this.#judged] as Commit;
      const why = this.#kept(commit);
      if (why) return `commit ${commit.id} at ${commit.level} was answered, but ${why}`;
    }
    const status = this.#rig.state.nodes.primary?.status ?? 'up';
    if (status === this.#primaryStatus) return null;
    this.#primaryStatus = status;
    return this.#lostAnswers();
  }

  #kept(commit: Commit): string | null {
    if (commit.level === 'off') return null;
    if (commit.end > (this.#rig.state.nodes.primary?.wal.flushLsn ?? 0))
      return 'the primary has not flushed it';
    const mode = waitModeOf(commit.level);
    const { names } = this.#rig;
    if (!mode || !names) return null;
    const have = STANDBYS.filter((standby) => {
      const { writeLsn, flushLsn, replayLsn } = recoveryView(this.#rig.state, standby);
      const reached: Record<typeof mode, Lsn> = {
        write: writeLsn,
        flush: flushLsn,
        apply: replayLsn,
      };
      return standbyPriority(names, standby) > 0 && reached[mode] >= commit.end;
    });
    const wanted = mode === 'write' && this.#anyPowerOff ? 0 : names.numSync;
    return have.length >= wanted
      ? null
      : `only ${have.length} of ${names.numSync} standbys have it`;
  }

  /** After a crash of the primary: what was answered at `local` and above is there. */
  #lostAnswers(): string | null {
    const kept = this.#rig.state.nodes.primary?.wal.writeLsn ?? 0;
    for (const commit of this.#rig.answered) {
      if (commit.level !== 'off' && commit.end > kept) {
        return `the primary lost commit ${commit.id} at ${commit.level}, which it had answered`;
      }
    }
    return null;
  }
}
