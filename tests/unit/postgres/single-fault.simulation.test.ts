/** One fault, at any microsecond of a busy second: what was acknowledged must be where its level promised it. */
import { describe, expect, it } from 'vitest';
import { lastEndUpTo } from '../../../src/postgres/record-log.ts';
import type { Fault } from '../../../src/postgres/replication-port.ts';
import { recordsOf } from '../../../src/postgres/replication-state.ts';
import { recoveryView } from '../../../src/postgres/replication-view.ts';
import type { SynchronousCommit } from '../../../src/postgres/sync-rep.ts';
import { type Duration, ms, seconds, us } from '../../../src/sim/instant.ts';
import { Prng } from '../../../src/sim/prng.ts';
import { type Commit, Rig } from './rig.ts';

const SEEDS = 600;
const STANDBYS = ['standby1', 'standby2'] as const;
const LEVELS: readonly SynchronousCommit[] = ['off', 'local', 'remote_write', 'on', 'remote_apply'];
const NAMES = ['', 'standby1', 'FIRST 2 (standby1, standby2)', 'ANY 1 (*)', 'ANY 2 (*)'];
/** Up to three rounds of the walwriter, and the fsync of the last (wal-async-commit in the manual). */
const WINDOW = ms(3 * 200 + 5);

const fault = (prng: Prng): Fault => {
  const node = prng.pick(['primary', 'primary', ...STANDBYS]);
  const standby = prng.pick(STANDBYS);
  return prng.pick<Fault>([
    { kind: 'kill', node },
    { kind: 'powerOff', node },
    { kind: 'cut', a: 'primary', b: standby },
    { kind: 'freeze', node: standby, process: 'walreceiver' },
    { kind: 'freeze', node: standby, process: 'startup' },
    { kind: 'fsync', node, time: ms(80) },
  ]);
};

describe('after a single fault', () => {
  it(`no acknowledged commit is lost where its level and the names promise it (${SEEDS} seeds)`, () => {
    for (let seed = 1; seed <= SEEDS; seed++)
      expect(play(seed), `seed ${seed}: run play(${seed})`).toBeNull();
  }, 60_000);
});

/** One seeded run. Null, or what went wrong. */
function play(seed: number): string | null {
  const prng = Prng.seeded(seed);
  const settings = { checkpointTimeout: seconds(30), maxWalSize: 4 * 2 ** 20 };
  const rig = new Rig({ names: prng.pick(NAMES), seed, settings });
  rig.settle();
  // Any other commit would take those at off along to the disk.
  const levels = prng.chance(0.3) ? (['off'] as const) : LEVELS;
  const end = rig.now + prng.between(50_000, 1_500_000);
  while (rig.now < end) {
    rig.commit(prng.pick(levels), prng.pick([120, 900, 40_000]));
    rig.wait(us(Math.min(end - rig.now, prng.between(1, 30_000))));
  }
  const struck = fault(prng);
  rig.input(struck);
  const at = rig.now;
  const told = rig.answered.map((commit) => ({ commit, since: at - (commit.doneAt ?? at) }));
  const stops = struck.kind === 'kill' || struck.kind === 'powerOff';
  if (!stops) return null;
  const why = told.map((one) => lost(rig, struck, one)).find((reason) => reason !== null);
  if (why) return `${struck.kind} of ${struck.node}: ${why}`;
  rig.wait(prng.between(1, 2_000_000) as Duration);
  rig.input({ kind: 'start', node: struck.node });
  rig.wait(seconds(20));
  const late = rig.commit('remote_apply');
  const behind = rig.settle();
  if (behind) return `after ${struck.kind} of ${struck.node}, ${behind}`;
  rig.wait(seconds(1));
  if (late.state !== 'done') return `a commit after the start is ${late.state}`;
  return told.map((one) => lost(rig, struck, one)).find((reason) => reason !== null) ?? null;
}

/** Where a commit should be after the fault, and is not. */
function lost(
  rig: Rig,
  struck: Fault,
  { commit, since }: { readonly commit: Commit; readonly since: number },
): string | null {
  const { level, id } = commit;
  const primary = rig.state.nodes.primary?.wal.writeLsn ?? 0;
  const promised = level !== 'off' || since >= WINDOW;
  if (promised && commit.end > primary)
    return `commit ${id} at ${level}, answered ${since} µs before, is not on the primary`;
  const { names } = rig;
  if (names === null || level === 'off' || level === 'local') return null;
  // Written is in a kernel's memory: the one level that a power cut of the standby may take.
  if (level === 'remote_write' && struck.kind === 'powerOff') return null;
  const holds = STANDBYS.filter(
    (one) =>
      lastEndUpTo(recordsOf(rig.state, one), recoveryView(rig.state, one).writeLsn) >= commit.end,
  );
  return holds.length >= names.numSync
    ? null
    : `commit ${id} at ${level} is on ${holds.length} of ${names.numSync} standbys`;
}
