import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/cluster/cluster-view.ts';
import { type Instant, instant, ms } from '../../../src/sim/instant.ts';
import { apart, stepBefore, ticksOf } from '../../../src/ui/time/time-ticks.ts';
import {
  following,
  holding,
  lastActivity,
  ownSpan,
  panned,
  spanOf,
  windowOf,
  windowOfStatement,
  zoomed,
} from '../../../src/ui/time/time-window.ts';
import { cluster, link, message, reply, statement } from './cluster-shown.ts';

const event = (at: number, kind: string): TraceEvent => ({
  at: instant(at),
  kind,
  node: null,
  words: `${kind} happens.`,
  facts: {},
});

describe('the window of time', () => {
  test('is never before the run, and never too short to read', () => {
    expect(windowOf(-500, 2_000)).toEqual({ from: 0, to: 2_000 });
    expect(spanOf(windowOf(100, 1))).toBeGreaterThan(1);
  });

  test('zooms with one instant standing still', () => {
    const near = zoomed({ from: 10_000, to: 20_000 }, 0.5, 12_000);
    expect(near).toEqual({ from: 11_000, to: 16_000 });
    expect(zoomed(near, 2, 12_000)).toEqual({ from: 10_000, to: 20_000 });
  });

  test('moves by shares of itself', () => {
    expect(panned({ from: 10_000, to: 20_000 }, 0.5)).toEqual({ from: 15_000, to: 25_000 });
    expect(panned({ from: 1_000, to: 2_000 }, -5)).toEqual({ from: 0, to: 1_000 });
  });

  test('stays where it is as long as the shown moment is in it', () => {
    const window = { from: 10_000, to: 20_000 };
    expect(holding(window, 19_000)).toBe(window);
    expect(holding(window, 50_000)).toEqual({ from: 45_000, to: 55_000 });
  });

  test('is as long as the cables ask for', () => {
    expect(ownSpan(cluster())).toBe(35_000);
    const far = cluster({ links: [link('a', 'b', { delay: ms(250) })] });
    expect(ownSpan(far)).toBe(1_750_000);
  });

  test('follows WAL and statements, not the reports of an idle standby', () => {
    const wal = message({ arrivesAt: instant(15_000) });
    const idle = reply([1, 1, 1], { arrivesAt: instant(10_015_000) });
    expect(lastActivity([wal, idle], [], [])).toBe(15_000);
    expect(
      lastActivity([wal], [statement({ sentAt: instant(8_000), answeredAt: instant(19_000) })], []),
    ).toBe(19_000);
    expect(lastActivity([], [], [message({ sentAt: instant(30_000) })])).toBe(30_000);
    const window = following(10_000, 50_000);
    expect(window.from).toBeLessThan(50_000);
    expect(window.to).toBeGreaterThan(50_000);
  });

  test('shows a statement whole, with a little before and after', () => {
    const { from, to } = windowOfStatement(
      statement({ sentAt: instant(100_000), answeredAt: instant(110_000) }),
      900_000,
      5_000,
    );
    expect(from).toBeLessThan(100_000);
    expect(to).toBeGreaterThan(125_000);
    const running = windowOfStatement(
      statement({ sentAt: instant(100_000), answeredAt: null }),
      400_000,
      5_000,
    );
    expect(running.to).toBeGreaterThan(400_000);
  });
});

describe('the time line', () => {
  const events = [
    event(1_000, 'ready'),
    event(5_000, 'walSent'),
    event(9_000, 'killed'),
    event(9_500, 'started'),
  ];

  test('marks what the learner did and what changed the cluster, not what travelled', () => {
    const ticks = ticksOf(
      [
        { at: instant(4_000), action: { kind: 'sql', node: 'p', session: 'a', sql: 'select 1' } },
        { at: instant(8_000), action: { kind: 'cut', a: 'p', b: 's' } },
      ],
      events,
    );
    expect(ticks.map(({ at, kind }) => [at, kind])).toEqual([
      [9_000, 'event'],
      [9_500, 'event'],
      [4_000, 'statement'],
      [8_000, 'fault'],
    ]);
  });

  test('draws one tick where several would stand on each other', () => {
    const ticks = ticksOf([], events);
    const x = (scale: number) => (at: Instant) => at * scale;
    expect(apart(ticks, x(1), 3)).toHaveLength(2);
    expect(apart(ticks, x(0.001), 3)).toHaveLength(1);
  });

  test('steps back to what happened before', () => {
    expect(stepBefore(events, instant(9_000))).toBe(5_000);
    expect(stepBefore(events, instant(1_000))).toBeNull();
  });
});
