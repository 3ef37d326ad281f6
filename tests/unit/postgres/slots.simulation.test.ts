import { describe, expect, it } from 'vitest';
import { drawTrouble } from '../../../src/postgres/fault-draw.ts';
import {
  DEFAULT_SETTINGS,
  type ReplicationSettings,
} from '../../../src/postgres/replication-settings.ts';
import { FSYNC_TIME, LINK_DELAY } from '../../../src/postgres/replication-state.ts';
import { startOfSegment } from '../../../src/postgres/wal/page.ts';
import { faultSchedule } from '../../../src/sim/fault-schedule.ts';
import { type Duration, instant, ms, seconds } from '../../../src/sim/instant.ts';
import { Prng } from '../../../src/sim/prng.ts';
import { Rig } from './rig.ts';

const SEEDS = 150;
const MB = 2 ** 20;
const STANDBYS = ['standby1', 'standby2'] as const;

/**
 * A primary that writes and checkpoints under faults; standby1 has a slot, standby2 has none. Half of the runs have an
 * archive, half have a limit.
 */
describe('WAL that is kept', () => {
  it(`is never less than a slot may ask for, and standbys come back (${SEEDS} seeds)`, () => {
    const seen = { lost: 0, stuck: 0, rescued: 0, streamed: 0 };
    for (let seed = 1; seed <= SEEDS; seed++) {
      const outcome = play(seed);
      expect(outcome.broken, `seed ${seed}`).toBeNull();
      if (outcome.lost) seen.lost++;
      seen[outcome.end]++;
    }
    // What is promised has been put to the test: slots were lost, standbys fell out, and came back from the archive.
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(5);
  }, 120_000);
});

interface Outcome {
  readonly broken: string | null;
  readonly lost: boolean;
  /** How standby2, which has no slot, fared. */
  readonly end: 'stuck' | 'rescued' | 'streamed';
}

function play(seed: number): Outcome {
  const root = Prng.seeded(seed);
  const prng = root.fork('plan');
  const limited = prng.chance(0.5);
  const archived = prng.chance(0.5);
  const settings: Partial<ReplicationSettings> = {
    maxSlotWalKeepSize: limited ? prng.between(1, 12) * MB : -1,
    walKeepSize: prng.pick([0, 0, 2 * MB, 8 * MB]),
    walRetrieveRetryInterval: seconds(1),
    archiveMode: archived,
    archiveCommand: 'cp %p /archive/%f',
    restoreCommand: archived ? 'cp /archive/%f %p' : '',
  };
  const rig = new Rig({ seed, settings });
  const slotUser = { ...DEFAULT_SETTINGS, ...settings, primarySlotName: 'kitchen' };
  rig.input({ kind: 'createSlot', node: 'primary', slot: 'kitchen', restartLsn: null });
  rig.input({ kind: 'settings', node: 'standby1', settings: slotUser });
  let broken: string | null = null;
  rig.watch = () => {
    broken ??= breachOf(rig, limited, settings);
  };
  storm(rig, root);
  rig.settle(200_000_000);
  rig.wait(seconds(3));
  const lost = rig.state.nodes.primary?.slots.some(({ invalidation }) => invalidation !== null);
  const end = rig.state.nodes.primary?.wal.flushLsn ?? 0;
  const behind = STANDBYS.filter((name) => rig.recovery(name).replayLsn < end);
  const allowed = [...(lost && !archived ? ['standby1'] : []), ...(archived ? [] : ['standby2'])];
  // What the archive does not have yet, the primary has; with a lost slot standby1 gets only what is archived.
  if (lost && archived) allowed.push('standby1');
  broken ??= behind.some((name) => !allowed.includes(name)) ? `${behind} is left behind` : null;
  const rescued = rig.words('walRestored').some((words) => words.startsWith('standby2'));
  return {
    broken,
    lost: lost ?? false,
    end: behind.includes('standby2') ? 'stuck' : rescued ? 'rescued' : 'streamed',
  };
}

/** What must hold after every step. */
function breachOf(
  rig: Rig,
  limited: boolean,
  { maxSlotWalKeepSize = -1 }: Partial<ReplicationSettings>,
): string | null {
  const primary = rig.state.nodes.primary;
  if (!primary) return 'no primary';
  const { slots, walFrom, wal, archiver } = primary;
  if (walFrom > startOfSegment(primary.checkpointer.latest.redoLsn))
    return 'WAL that crash recovery needs is gone';
  if (archiver.on && walFrom > archiver.next) return 'WAL is gone that is in no archive';
  for (const { name, restartLsn, invalidation } of slots) {
    if (restartLsn === null || invalidation !== null || restartLsn >= walFrom) continue;
    const asked = startOfSegment(wal.insertLsn) - startOfSegment(restartLsn);
    if (!limited) return `slot ${name} has lost WAL, and there is no limit`;
    if (asked <= maxSlotWalKeepSize) return `slot ${name} asks for ${asked} bytes, and lost some`;
  }
  return null;
}

/** Half a minute of writes, checkpoints and faults, healed in the end. */
function storm(rig: Rig, root: Prng): void {
  const prng = root.fork('workload');
  rig.settle();
  const faults = faultSchedule(root.fork('faults'), {
    from: instant(rig.now),
    until: instant(seconds(30)),
    count: prng.between(2, 8),
    longest: seconds(prng.pick([2, 15])),
    draw: (drawn) =>
      drawTrouble(drawn, {
        primary: 'primary',
        standbys: STANDBYS,
        linkDelay: LINK_DELAY,
        fsyncTime: FSYNC_TIME,
      }),
  });
  for (const { at, fault } of faults) {
    while (rig.now < at) {
      rig.wait(Math.min(at - rig.now, ms(prng.between(50, 600))) as Duration);
      if (rig.state.nodes.primary?.status !== 'up') continue;
      rig.commit('local', prng.pick([200, 60_000, 900_000, 2_500_000]));
      if (prng.chance(0.2)) rig.checkpoint();
    }
    rig.input(fault);
  }
  if (rig.state.nodes.primary?.status === 'up') rig.commit('local', 300);
}
