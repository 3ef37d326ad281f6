/** When checkpoints and restartpoints are made, what they count, and which segments they let go of. */
import { describe, expect, it } from 'vitest';
import { checkpointsView } from '../../../src/postgres/checkpoints-view.ts';
import { type Instant, seconds } from '../../../src/sim/instant.ts';
import { Rig } from './rig.ts';

const MB = 2 ** 20;

/** Checkpoints every minute, and after 2 to 3 MB of WAL. */
const SETTINGS = { checkpointTimeout: seconds(60), maxWalSize: 6 * MB };

const started = (settings = SETTINGS): Rig => {
  const rig = new Rig({ settings });
  rig.settle();
  return rig;
};

const seen = (rig: Rig, node = 'primary') => checkpointsView(rig.state, node, rig.now as Instant);
const counts = (rig: Rig, node = 'primary') => {
  const { timed, requested, done } = seen(rig, node);
  return { timed, requested, done };
};

describe('a checkpoint', () => {
  it('comes checkpoint_timeout after the last one, where anything was written since', () => {
    const rig = started();
    rig.commit('on');
    rig.wait(seconds(59));
    expect(counts(rig)).toEqual({ timed: 0, requested: 0, done: 0 });
    rig.wait(seconds(2));
    expect(counts(rig)).toEqual({ timed: 1, requested: 0, done: 1 });
  });

  it('does nothing for hours on an idle server, and nothing is scheduled for it', () => {
    const rig = started();
    rig.commit('on');
    rig.wait(seconds(61));
    const { latest } = seen(rig);
    rig.wait(seconds(7200));
    expect(seen(rig).latest).toBe(latest);
    expect(counts(rig)).toEqual({ timed: 121, requested: 0, done: 1 });
    expect(rig.words('checkpoint')).toHaveLength(1);
    rig.commit('on');
    rig.wait(seconds(61));
    expect(counts(rig)).toMatchObject({ timed: 122, done: 2 });
  });

  it('comes when max_wal_size asks for it, and takes the segments before its redo point away', () => {
    const rig = started();
    expect(seen(rig).segments).toEqual(['000000010000000000000030']);
    for (let i = 0; i < 34; i++) {
      rig.commit('on', 100_000);
      rig.wait(seconds(1));
    }
    expect(counts(rig)).toEqual({ timed: 0, requested: 1, done: 1 });
    expect(seen(rig).segments).toEqual(['000000010000000000000033']);
    expect(rig.words('walRemoved')[0]).toBe(
      'primary removes old WAL: its oldest segment is now 000000010000000000000033.',
    );
  });

  it('keeps what wal_keep_size asks for', () => {
    const rig = started({ ...SETTINGS, walKeepSize: 2 * MB } as typeof SETTINGS);
    for (let i = 0; i < 34; i++) rig.commit('on', 100_000);
    rig.wait(seconds(1));
    expect(seen(rig).segments).toEqual([
      '000000010000000000000031',
      '000000010000000000000032',
      '000000010000000000000033',
    ]);
  });

  it('counts for pg_control only when its record is durable: a power cut before takes it away', () => {
    const rig = started();
    rig.commit('on');
    rig.wait(seconds(1));
    const { latest } = seen(rig);
    rig.checkpoint();
    expect(seen(rig).latest).toBe(latest);
    rig.input({ kind: 'powerOff', node: 'primary' });
    rig.input({ kind: 'start', node: 'primary' });
    rig.wait(seconds(1));
    expect(seen(rig).latest).toBe(latest);
  });
});

describe('a restartpoint', () => {
  it('stands on a checkpoint that the standby has replayed, and comes on its own schedule', () => {
    const rig = started();
    rig.wait(seconds(40));
    rig.commit('on');
    rig.checkpoint();
    rig.wait(seconds(1));
    expect(counts(rig, 'standby1')).toMatchObject({ done: 0 });
    rig.wait(seconds(20));
    expect(counts(rig, 'standby1')).toEqual({ timed: 1, requested: 0, done: 1 });
    expect(seen(rig, 'standby1').latest).toEqual(seen(rig).latest);
  });

  it('is asked for by CHECKPOINT, and does nothing where there is no new checkpoint', () => {
    const rig = started();
    rig.input({ kind: 'restartpoint', node: 'standby1' });
    expect(counts(rig, 'standby1')).toMatchObject({ requested: 1, done: 0 });
    rig.commit('on');
    rig.checkpoint();
    rig.wait(seconds(1));
    rig.input({ kind: 'restartpoint', node: 'standby1' });
    expect(counts(rig, 'standby1')).toMatchObject({ requested: 2, done: 1 });
  });

  it('is tried every 15 seconds where its time was over before a checkpoint came', () => {
    const rig = started();
    rig.wait(seconds(70));
    rig.commit('on');
    rig.checkpoint();
    rig.wait(seconds(4));
    expect(counts(rig, 'standby1')).toMatchObject({ done: 0 });
    rig.wait(seconds(2));
    expect(counts(rig, 'standby1')).toMatchObject({ done: 1 });
  });

  it('lets old segments of the standby go', () => {
    const rig = started();
    for (let i = 0; i < 34; i++) {
      rig.commit('on', 100_000);
      rig.wait(seconds(1));
    }
    expect(seen(rig, 'standby1').segments).toEqual(['000000010000000000000033']);
  });
});
