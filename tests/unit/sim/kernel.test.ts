import { describe, expect, it } from 'vitest';
import { append, countUpTo, emptyList } from '../../../src/sim/append-list.ts';
import { kernelEventsPerSecond, kernelWorkload } from '../../../src/sim/bench.ts';
import { endFsync, idleDisk, setFsyncTime, startFsync } from '../../../src/sim/disk.ts';
import { EventQueue } from '../../../src/sim/event-queue.ts';
import { type Instant, instant, ms, NEVER, START, us } from '../../../src/sim/instant.ts';
import {
  arrivals,
  cutLink,
  healLink,
  type Link,
  loseSender,
  quietLink,
  send,
} from '../../../src/sim/link.ts';
import { Prng } from '../../../src/sim/prng.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { canonicalJson, Trace } from '../../../src/sim/trace.ts';

describe('the event queue', () => {
  it('orders by instant, then by order of pushing, whatever was cancelled', () => {
    const prng = Prng.seeded(7);
    const queue = new EventQueue<number>();
    const kept: { at: number; order: number }[] = [];
    for (let order = 0; order < 5_000; order++) {
      const at = prng.below(500);
      const handle = queue.push(instant(at), order);
      if (prng.chance(0.3)) expect(queue.cancel(handle)).toBe(true);
      else kept.push({ at, order });
    }
    expect(queue.size).toBe(kept.length);
    kept.sort((a, b) => a.at - b.at || a.order - b.order);
    const popped: number[] = [];
    for (let next = queue.pop(); next; next = queue.pop()) popped.push(next.event);
    expect(popped).toEqual(kept.map(({ order }) => order));
  });

  it('cannot cancel what has happened or was cancelled', () => {
    const queue = new EventQueue<string>();
    const first = queue.push(instant(1), 'a');
    const second = queue.push(instant(2), 'b');
    queue.pop();
    expect(queue.cancel(first)).toBe(false);
    expect(queue.cancel(second)).toBe(true);
    expect(queue.cancel(second)).toBe(false);
    expect(queue.peek()).toBeNull();
    expect(queue.pop()).toBeNull();
  });
});

describe('the simulator', () => {
  it('runs up to an instant and stands there', () => {
    const seen: [string, number][] = [];
    const simulator = new Simulator<string>((event, now) => {
      seen.push([event, now]);
      if (event === 'first') simulator.scheduleAfter(us(0), 'at once');
    });
    simulator.scheduleAt(instant(20), 'late');
    simulator.scheduleAt(instant(10), 'first');
    simulator.runUntil(instant(15));
    expect(seen).toEqual([
      ['first', 10],
      ['at once', 10],
    ]);
    expect([simulator.now, simulator.nextAt, simulator.pending]).toEqual([15, 20, 1]);
    expect(() => simulator.scheduleAt(instant(14), 'past')).toThrow(RangeError);
    expect(simulator.step()).toBe(true);
    expect(simulator.step()).toBe(false);
  });

  it('has a workload to measure', () => {
    expect(kernelWorkload(2_000)).toBe(2_000);
    let time = 0;
    expect(kernelEventsPerSecond(() => (time += 500), 1_000)).toBe(2_000);
  });
});

describe('random streams', () => {
  it('repeat by seed and are told apart by label', () => {
    const draw = (prng: Prng) => Array.from({ length: 5 }, () => prng.uint32());
    expect(draw(Prng.seeded(42))).toEqual(draw(Prng.seeded(42)));
    expect(draw(Prng.seeded(42))).not.toEqual(draw(Prng.seeded(43)));
    const root = Prng.seeded(42);
    const links = draw(root.fork('links'));
    expect(draw(root.fork('links'))).toEqual(links);
    expect(draw(root.fork('disks'))).not.toEqual(links);
  });

  it('give the numbers of xoshiro128**', () => {
    const prng = new Prng([1, 2, 3, 4]);
    expect([prng.uint32(), prng.uint32(), prng.uint32()]).toEqual([11520, 0, 5927040]);
  });

  it('spread evenly and refuse nonsense', () => {
    const prng = Prng.seeded(1);
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 30_000; draw++) {
      const face = prng.below(3);
      counts[face] = (counts[face] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(() => prng.below(0)).toThrow(RangeError);
    expect(() => Prng.seeded(0.5)).toThrow(RangeError);
    expect(() => prng.pick([])).toThrow(RangeError);
    const resumed = new Prng(prng.state);
    expect(resumed.uint32()).toBe(prng.uint32());
  });
});

describe('a link', () => {
  const link = (delay = ms(5)): Link<string> => quietLink(delay, Prng.seeded(1).state);
  const at = (value: Link<string>) => value.inFlight.map((one) => one.arrivesAt);
  const arrived = (value: Link<string>, by: Instant) =>
    arrivals(value, by)[1].map((one) => one.message);

  it('delivers after its delay, in order, and a shorter delay does not overtake', () => {
    let wire = send(link(), 'slow', 100, instant(0));
    wire = send({ ...wire, delay: ms(1) }, 'fast', 100, instant(1_000));
    expect(at(wire)).toEqual([5_000, 5_000]);
    expect(arrived(wire, instant(4_999))).toEqual([]);
    expect(arrived(wire, instant(5_000))).toEqual(['slow', 'fast']);
  });

  it('sends one message after another where bandwidth is limited', () => {
    let wire = { ...link(), bytesPerSecond: 1_000_000 };
    wire = send(wire, 'a', 1_000, instant(0));
    wire = send(wire, 'b', 500, instant(0));
    expect(at(wire)).toEqual([6_000, 6_500]);
  });

  it('holds everything while cut and delivers it in order one delay after healing', () => {
    let wire = send(link(), 'in flight', 10, instant(0));
    wire = cutLink(wire);
    wire = send(wire, 'while cut', 10, instant(2_000));
    expect(arrived(wire, instant(60_000))).toEqual([]);
    wire = healLink(wire, instant(100_000));
    expect(at(wire)).toEqual([105_000, 105_000]);
    expect(arrived(wire, instant(105_000))).toEqual(['in flight', 'while cut']);
    expect(healLink(wire, instant(200_000))).toBe(wire);
    // A message sent again is still the same one.
    expect(wire.inFlight.map(({ number, sentAt }) => [number, sentAt])).toEqual([
      [0, 0],
      [1, 2_000],
    ]);
  });

  it('sends lost messages again after TCP’s timeout, and keeps the order', () => {
    let wire: Link<string> = { ...link(), lossRatio: 0.5 };
    for (let index = 0; index < 200; index++) wire = send(wire, `${index}`, 10, START);
    const times = at(wire);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.max(...times)).toBeGreaterThanOrEqual(205_000);
    expect(arrived(wire, instant(10 ** 12))).toHaveLength(200);
  });

  it('loses with the sender’s power what has not left it', () => {
    let wire: Link<string> = { ...link(), bytesPerSecond: 1_000_000 };
    wire = send(wire, 'gone already', 1_000, instant(0));
    wire = send(wire, 'still here', 1_000, instant(0));
    expect(loseSender(wire, instant(1_500)).inFlight.map((one) => one.message)).toEqual([
      'gone already',
    ]);
    expect(loseSender(cutLink(wire), instant(1_500)).inFlight).toEqual([]);
  });
});

describe('a disk', () => {
  it('runs one fsync at a time, which covers what was written before it', () => {
    const disk = startFsync(idleDisk<number>(us(400)), 100, instant(1_000));
    expect(() => startFsync(disk, 200, instant(1_100))).toThrow();
    expect(endFsync(disk, instant(1_399))).toBeNull();
    const ended = endFsync(disk, instant(1_400));
    expect(ended?.[1]).toBe(100);
    expect(ended?.[0].running).toBeNull();
  });

  it('stalls and recovers with the fsync on its way', () => {
    const running = startFsync(idleDisk<number>(us(400)), 100, instant(0));
    const stalled = setFsyncTime(running, NEVER, instant(100));
    expect(endFsync(stalled, instant(10 ** 12))).toBeNull();
    const mended = setFsyncTime(stalled, us(400), instant(5_000));
    expect(endFsync(mended, instant(5_000))?.[1]).toBe(100);
    const slower = setFsyncTime(running, us(900), instant(100));
    expect(slower.running?.endsAt).toBe(900);
    expect(setFsyncTime(idleDisk(us(1)), us(2), START).fsyncTime).toBe(2);
  });
});

describe('the trace', () => {
  it('hashes equal runs alike and others not, keys in any order', () => {
    const trace = (entries: readonly { at: number; word: string }[]) => {
      const made = new Trace<{ at: number; word: string }>();
      for (const entry of entries) made.append(entry);
      return made.hash;
    };
    const one = trace([{ at: 1, word: 'a' }]);
    expect(trace([{ word: 'a', at: 1 }])).toBe(one);
    expect(trace([{ at: 2, word: 'a' }])).not.toBe(one);
    expect(trace([])).toBe('cbf29ce484222325');
    expect(one).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is FNV-1a of 64 bits over UTF-16 code units', () => {
    const bytes = [...'"é"\n'].flatMap((letter) => {
      const unit = letter.charCodeAt(0);
      return [unit & 0xff, unit >>> 8];
    });
    let expected = 0xcbf29ce484222325n;
    for (const byte of bytes)
      expected = ((expected ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
    const trace = new Trace<string>();
    trace.append('é');
    expect(trace.hash).toBe(expected.toString(16).padStart(16, '0'));
  });

  it('writes what JSON cannot say as text, and refuses what is no data', () => {
    expect(canonicalJson({ b: [1, null], a: Number.POSITIVE_INFINITY })).toBe(
      '{"a":"Infinity","b":[1,null]}',
    );
    expect(() => canonicalJson(Number.NaN)).toThrow(RangeError);
    expect(() => canonicalJson({ a: undefined as unknown as null })).toThrow(RangeError);
  });
});

describe('a list that grows', () => {
  it('leaves earlier values as they were', () => {
    const none = emptyList<number>();
    const two = append(none, [1, 2]);
    const three = append(two, [3]);
    const other = append(two, [9]);
    const view = (list: typeof two) => list.items.slice(0, list.length);
    expect([view(none), view(two), view(three), view(other)]).toEqual([
      [],
      [1, 2],
      [1, 2, 3],
      [1, 2, 9],
    ]);
    expect(countUpTo(three, 2, (item) => item)).toBe(2);
  });
});
