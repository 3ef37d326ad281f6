import { describe, expect, test } from 'vitest';
import { lsn } from '../../../src/postgres/lsn.ts';
import { instant, ms, us } from '../../../src/sim/instant.ts';
import {
  type Box,
  cableBetween,
  idleCable,
  middleOf,
  placeAt,
} from '../../../src/ui/stage/cable-path.ts';
import { labelOf, stateOf } from '../../../src/ui/stage/link-words.ts';
import { factsOf, nameOfMessage } from '../../../src/ui/stage/message-words.ts';
import { planOf } from '../../../src/ui/stage/stage-plan.ts';
import { newsOf, shareOfWay, sizeOf, trafficAt } from '../../../src/ui/stage/traffic.ts';
import { cluster, link, message, node, reply, standbyOf } from './cluster-shown.ts';

const box = (left: number, top: number): Box => ({ left, top, width: 300, height: 150 });

describe('the plan of the drawing', () => {
  test('a primary stands left of its standbys; what carries no stream is idle', () => {
    const { ranks, streams, idle } = planOf(cluster());
    expect(ranks).toEqual([['primary'], ['standby1', 'standby2']]);
    expect(
      streams.map(({ upstream, standby, index, count }) => [upstream, standby, index, count]),
    ).toEqual([
      ['primary', 'standby1', 0, 2],
      ['primary', 'standby2', 1, 2],
    ]);
    expect(idle.map(({ a, b }) => [a, b])).toEqual([['standby1', 'standby2']]);
  });

  test('a standby of a standby stands one column further', () => {
    const cascade = cluster({
      nodes: [node('primary'), node('near', standbyOf('primary')), node('far', standbyOf('near'))],
      links: [link('primary', 'near'), link('primary', 'far'), link('near', 'far')],
    });
    const { ranks, streams, idle } = planOf(cascade);
    expect(ranks).toEqual([['primary'], ['near'], ['far']]);
    expect(streams.map(({ upstream, standby }) => `${upstream}>${standby}`)).toEqual([
      'primary>near',
      'near>far',
    ]);
    expect(idle.map(({ a, b }) => [a, b])).toEqual([['primary', 'far']]);
  });
});

describe('a machine to restore on', () => {
  const restored = { ...node('restored', standbyOf('primary')), apart: true };
  const links = [link('primary', 'near'), link('primary', 'restored'), link('near', 'restored')];

  test('stands beside the standbys, with no stream', () => {
    const { ranks, streams } = planOf(
      cluster({ nodes: [node('primary'), node('near', standbyOf('primary')), restored], links }),
    );
    expect(ranks).toEqual([['primary'], ['near', 'restored']]);
    expect(streams.map(({ standby }) => standby)).toEqual(['near']);
  });

  test('does not follow a primary that has become a standby', () => {
    const { ranks } = planOf(
      cluster({ nodes: [node('primary', standbyOf('near')), node('near'), restored], links }),
    );
    expect(ranks).toEqual([['near'], ['primary', 'restored']]);
  });
});

describe('a cable', () => {
  test('runs from the right edge of one card to the left edge of the next, level at both ends', () => {
    const { down, up, across } = cableBetween(box(0, 100), box(500, 0), 0, 1);
    expect(across).toBe(true);
    expect(placeAt(down, 0)).toMatchObject({ x: 300, y: 170 });
    expect(placeAt(down, 1)).toMatchObject({ x: 500, y: 70 });
    expect(Math.abs(placeAt(down, 0).heading)).toBeLessThan(8);
    // What comes back runs beside it, the other way.
    expect(placeAt(up, 0)).toMatchObject({ x: 500, y: 80 });
    expect(placeAt(up, 1)).toMatchObject({ x: 300, y: 180 });
    expect(middleOf({ down, up, across }, 0.5)).toMatchObject({ x: 400, y: 125 });
  });

  test('a message is as fast on every piece of its way', () => {
    const { down } = cableBetween(box(0, 100), box(500, 0), 0, 1);
    const places = Array.from({ length: 11 }, (_, i) => placeAt(down, i / 10));
    const steps = places.slice(1).map(({ x, y }, i) => {
      const before = places[i];
      return Math.hypot(x - (before?.x ?? 0), y - (before?.y ?? 0));
    });
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.03);
  });

  test('runs down the margin to a card below, the farther one outside', () => {
    const upstream = box(60, 0);
    const one = cableBetween(upstream, box(60, 200), 0, 2);
    const other = cableBetween(upstream, box(60, 400), 1, 2);
    expect(one.across).toBe(false);
    const [outer, inner] = [other, one].map((cable) => middleOf(cable, 0.5).x);
    expect(outer).toBeLessThan((inner ?? 0) - 10);
    expect(Math.min(...other.down.points.map(({ x }) => x))).toBeGreaterThan(0);
    expect(placeAt(other.down, 1)).toMatchObject({ x: 60, heading: 0 });
    expect(placeAt(other.down, 0.5).heading).toBe(90);
  });

  test('idle ones are drawn between neighbours of one column only', () => {
    expect(idleCable(box(0, 200), box(0, 0))?.points).toEqual([
      { x: 260, y: 150 },
      { x: 260, y: 200 },
    ]);
    expect(idleCable(box(0, 0), box(400, 200))).toBeNull();
    expect(idleCable(box(0, 0), box(0, 400), [box(0, 200)])).toBeNull();
    expect(idleCable(box(0, 0), box(0, 400), [box(400, 200)])).not.toBeNull();
  });

  test('says in short how it is', () => {
    expect(labelOf(link('a', 'b'))).toBe('5 ms');
    expect(stateOf(link('a', 'b'))).toBe('well');
    const slow = link('a', 'b', { delay: ms(250), bytesPerSecond: 10_240, lossRatio: 0.1 });
    expect(labelOf(slow)).toBe('250 ms · 10 kB/s · −10 %');
    expect(stateOf(slow)).toBe('slow');
    expect(labelOf(link('a', 'b', { cut: true }))).toBe('cut');
    expect(stateOf({ ...slow, cut: true })).toBe('cut');
  });
});

describe('messages in the drawing', () => {
  test('those of an instant are on their way or have just arrived', () => {
    const flying = message({ sentAt: instant(12_000), arrivesAt: instant(17_000) });
    const arrived = message();
    const long = message({ arrivesAt: instant(11_000) });
    const view = cluster({ inFlight: [flying] });
    const log = [long, arrived];
    expect(trafficAt(view, log, instant(16_000), us(2_000))).toEqual({
      flying: [flying],
      arrived: [arrived],
    });
    // Looking back, what has arrived since is on its way again, and what was not yet sent is not there.
    expect(trafficAt(cluster(), [long, arrived], instant(11_500), us(0))).toEqual({
      flying: [arrived],
      arrived: [],
    });
    expect(trafficAt(cluster(), log, instant(9_000), us(0)).flying).toEqual([]);
  });

  test('a message is as far as its time', () => {
    expect(shareOfWay(message(), 10_000)).toBe(0);
    expect(shareOfWay(message(), 12_500)).toBe(0.5);
    expect(shareOfWay(message(), 99_000)).toBe(1);
  });

  test('those that a cut holds up queue before it', () => {
    const held = message({ arrivesAt: null });
    const shares = [0, 1, 2, 50].map((queued) => shareOfWay(held, 99_000, queued));
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(shares[0]).toBeLessThan(0.5);
    expect(shares.at(-1)).toBeGreaterThan(0);
  });

  test('a reply bears the mark of the furthest stage that it brings', () => {
    const view = cluster();
    const written = reply([1_200, 1_000, 1_000]);
    const replayed = reply([1_200, 1_200, 1_200], { sentAt: instant(11_000) });
    expect(newsOf(written, [], view)).toBe('written');
    expect(newsOf(replayed, [written, replayed], view)).toBe('replayed');
    expect(newsOf(reply([1_200, 1_200, 1_000]), [], view)).toBe('flushed');
    expect(newsOf(reply([1_000, 1_000, 1_000]), [], view)).toBeNull();
    expect(newsOf(message(), [], view)).toBeNull();
  });

  test('more bytes are larger, within reason', () => {
    const sizes = [23, 230, 8_192, 131_072, 10_000_000].map((bytes) => sizeOf(message({ bytes })));
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes[0]).toBeGreaterThanOrEqual(10);
    expect(sizes.at(-1)).toBeLessThanOrEqual(22);
  });

  test('it says what it carries, and who waits for that', () => {
    const waiting = cluster({
      commits: [
        { statementId: 4, node: 'primary', session: 'a', lsn: lsn(1_200), level: 'on' },
        { statementId: 5, node: 'primary', session: 'b', lsn: lsn(9_000), level: 'on' },
      ],
    });
    expect(nameOfMessage(message())).toBe('WAL, 230 B, primary to standby1');
    const words = Object.fromEntries(
      factsOf(message(), waiting, instant(12_000)).map(({ term, words }) => [term, words]),
    );
    expect(words).toEqual({
      way: 'left primary at 0.010 s, reaches standby1 at 0.015 s, 5 ms on the way',
      carries: '0/3E8 to 0/4B0',
      size: '230 B on the wire, 200 B of them WAL: 3 records, of which 1 end a transaction',
      'awaited by': 'session a of primary: its commit at 0/4B0 waits until it is flushed (on)',
    });
    const held = factsOf(message({ arrivesAt: null }), cluster(), instant(12_000));
    expect(held[0]?.words).toContain('the cable is cut');
    expect(held.at(-1)?.words).toBe('no commit that waits for a standby');
  });
});
