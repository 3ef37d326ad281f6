import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/cluster/cluster-view.ts';
import { instant } from '../../../src/sim/instant.ts';
import { itemInWords } from '../../../src/ui/space-time/item-words.ts';
import { type SpaceTimeInput, spaceTime } from '../../../src/ui/space-time/space-time.ts';
import { message, reply, statement } from './cluster-shown.ts';

const event = (at: number, kind: string, fields: Partial<TraceEvent> = {}): TraceEvent => ({
  at: instant(at),
  kind,
  node: 'primary',
  words: `${kind} happens.`,
  facts: {},
  ...fields,
});

/** One pixel a millisecond. */
const draw = (fields: Partial<SpaceTimeInput>) =>
  spaceTime({
    nodes: ['primary', 'standby1', 'standby2'],
    messages: [],
    statements: [],
    events: [],
    window: { from: 0, to: 100_000 },
    now: instant(100_000),
    x: (at) => at / 1_000,
    ...fields,
  });

describe('the space-time diagram', () => {
  test('a message is a line from its sender’s lane to its receiver’s, slanted by its time', () => {
    const { lanes, items } = draw({ messages: [message()] });
    const [primary, standby1] = lanes.map(({ y }) => y);
    expect(items).toMatchObject([
      { kind: 'message', x1: 10, y1: primary, x2: 15, y2: standby1, state: 'arrived' },
    ]);
  });

  test('one on its way ends where it is now, one held up hangs near its sender', () => {
    const now = instant(12_500);
    const { lanes, items } = draw({
      now,
      messages: [message(), message({ arrivesAt: null })],
    });
    const [primary = 0, standby1 = 0] = lanes.map(({ y }) => y);
    expect(items[0]).toMatchObject({ state: 'flying', x2: 12.5, y2: (primary + standby1) / 2 });
    expect(items[1]).toMatchObject({ state: 'held', x2: 12.5 });
    const lost = draw({ messages: [message({ arrivesAt: null, lost: true })] });
    expect(lost.items[0]).toMatchObject({ state: 'lost' });
  });

  test('nothing later than the shown moment is drawn, nor what lies outside of the window', () => {
    expect(draw({ now: instant(9_000), messages: [message()] }).items).toEqual([]);
    expect(draw({ window: { from: 50_000, to: 90_000 }, messages: [message()] }).items).toEqual([]);
    expect(
      draw({ window: { from: 12_000, to: 90_000 }, messages: [message()] }).items,
    ).toHaveLength(1);
  });

  test('stages are marks on the lane of the node where they happen, and so is what befalls it', () => {
    const { lanes, items } = draw({
      events: [
        event(20_000, 'walFlushed'),
        event(26_000, 'walReplayed', { node: 'standby1' }),
        event(30_000, 'freeze', { node: 'standby2' }),
        event(40_000, 'cut', { node: null, facts: { a: 'primary', b: 'standby1' } }),
        event(50_000, 'walSent'),
      ],
    });
    const [primary = 0, standby1 = 0, standby2] = lanes.map(({ y }) => y);
    expect(items).toMatchObject([
      { kind: 'mark', stage: 'flushed', x: 20, y: primary },
      { kind: 'mark', stage: 'replayed', x: 26, y: standby1 },
      { kind: 'mark', stage: null, x: 30, y: standby2 },
      { kind: 'mark', stage: null, x: 40, y: (primary + standby1) / 2 },
    ]);
  });

  test('a reply bears the stage that it brings, beyond the reply before it', () => {
    const { items } = draw({
      messages: [
        reply([1_200, 1_000, 1_000]),
        reply([1_200, 1_200, 1_000], { sentAt: instant(11_000) }),
        reply([1_200, 1_200, 1_200], { sentAt: instant(12_000) }),
        reply([1_200, 1_200, 1_200], { sentAt: instant(13_000) }),
      ],
    });
    expect(items.map((item) => item.kind === 'message' && item.stage)).toEqual([
      null,
      'flushed',
      'replayed',
      null,
    ]);
  });

  test('statements stand above their lane, those of one session in one row', () => {
    const { lanes, items } = draw({
      statements: [
        statement({ id: 0, sentAt: instant(10_000), answeredAt: instant(20_000) }),
        statement({ id: 1, session: 'b', sentAt: instant(12_000), answeredAt: null }),
        statement({ id: 2, sentAt: instant(30_000), answeredAt: instant(31_000) }),
      ],
    });
    const ys = items.map((item) => (item.kind === 'statement' ? item.y : Number.NaN));
    expect(ys[0]).toBe(ys[2]);
    expect(ys[1]).toBeLessThan(ys[0] ?? 0);
    expect(Math.max(...ys)).toBeLessThan(lanes[0]?.y ?? 0);
    expect(items[1]).toMatchObject({ x1: 12, x2: 100 });
  });

  test('a node that is down leaves a gap in its lane', () => {
    const { lanes } = draw({
      events: [
        event(20_000, 'killed', { node: 'standby1' }),
        event(60_000, 'started', { node: 'standby1' }),
        event(80_000, 'poweredOff', { node: 'standby1' }),
      ],
    });
    expect(lanes[1]?.down).toEqual([
      { x1: 20, x2: 60 },
      { x1: 80, x2: 100 },
    ]);
    expect(lanes[0]?.down).toEqual([]);
  });

  test('what is too much to draw is counted', () => {
    const messages = Array.from({ length: 1_000 }, () => message());
    const { items, left } = draw({ messages });
    expect(items.length + left).toBe(1_000);
    expect(left).toBeGreaterThan(0);
  });

  test('every shape can say what it is', () => {
    const { items } = draw({
      messages: [message()],
      statements: [statement({ sentAt: instant(10_000), answeredAt: instant(20_000) })],
      events: [event(20_000, 'walFlushed')],
    });
    expect(items.map(itemInWords)).toEqual([
      'WAL, 230 B, primary to standby1: sent at 0.010 s, arrives at 0.015 s',
      '0.010 s: session a on primary: select 1; – answered after 10 ms',
      '0.020 s: walFlushed happens.',
    ]);
  });
});
