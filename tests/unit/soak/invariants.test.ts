import { describe, expect, test } from 'vitest';
import type { Lsn } from '../../../src/postgres/lsn.ts';
import { instant, seconds } from '../../../src/sim/instant.ts';
import { type Acknowledgement, brokenBy, type RunFacts } from '../../../src/soak/invariants.ts';
import { distinct, forksOf } from '../../../src/soak/timelines.ts';

const ack = (atMs: number, node: string, term: number, key: number): Acknowledgement => ({
  at: instant(atMs * 1_000),
  node,
  term,
  key,
});

const facts: RunFacts = {
  acknowledgements: [ack(100, 'node1', 1, 1), ack(5_000, 'node2', 2, 2)],
  promotions: [{ at: instant(4_000_000), node: 'node2', timeline: 2, forkedAt: 0x5000000 as Lsn }],
  forks: [{ timeline: 2, parent: 1, at: 0x5000000 as Lsn }],
  kept: new Set([1, 2]),
  promisesDurability: true,
  healed: { at: instant(4_500_000), bound: seconds(1) },
  until: instant(9_000_000),
};
const broken = (changed: Partial<RunFacts>) =>
  brokenBy({ ...facts, ...changed }).map(({ invariant, words }) => `${invariant}: ${words}`);

test('a run in which all holds breaks nothing', () => expect(broken({})).toEqual([]));

describe('one primary', () => {
  test('two nodes in one term', () =>
    expect(
      broken({
        acknowledgements: [...facts.acknowledgements, ack(6_000, 'node3', 2, 3)],
        kept: null,
      }),
    ).toEqual([
      'one primary: node3 acknowledged write 3 in term 2, in which node2 had acknowledged write 2.',
    ]));

  test('one of a term that is over', () =>
    expect(
      broken({
        acknowledgements: [...facts.acknowledgements, ack(6_000, 'node1', 1, 3)],
        kept: null,
      }),
    ).toEqual([
      'one primary: node1 acknowledged write 3 in term 1, 1,000 ms after node2 had acknowledged the first write of term 2.',
    ]));
});

describe('nothing lost', () => {
  test('what was acknowledged is gone', () =>
    expect(broken({ kept: new Set([2]) })).toEqual([
      'nothing lost: Write 1 was acknowledged by node1 and is gone at the end (8,900 ms later).',
    ]));
  test('where that is promised', () =>
    expect(broken({ kept: new Set([2]), promisesDurability: false })).toEqual([]));
});

describe('forks at promotions', () => {
  test('nobody was promoted', () =>
    expect(broken({ promotions: [] })).toEqual([
      'forks at promotions: Timeline 2 forked from 1 at 0/5000000, and nobody was promoted.',
    ]));
  test('two were', () =>
    expect(
      broken({
        promotions: [
          ...facts.promotions,
          { at: instant(5_000_000), node: 'node3', timeline: 2, forkedAt: 0x5000000 as Lsn },
        ],
      }),
    ).toEqual(['forks at promotions: Timeline 2 was begun twice: by node2 and by node3.']));
});

test('a history file that tells of another place than the promotion', () =>
  expect(broken({ forks: [{ timeline: 2, parent: 1, at: 0x4000000 as Lsn }] })).toEqual([
    'forks at promotions: Timeline 2 forked from 1 at 0/4000000, and node2 was promoted elsewhere.',
  ]));

test('what history files say: the lines of all timelines before, each once', () => {
  const second: readonly [string, string] = ['00000002.history', '1\t0/5000000\tno reason\n'];
  const third: readonly [string, string] = [
    '00000003.history',
    '1\t0/5000000\tno reason\n\n2\t0/6000000\tno reason\n',
  ];
  expect(distinct(forksOf([second, third]))).toEqual([
    { timeline: 2, parent: 1, at: 0x5000000 },
    { timeline: 3, parent: 2, at: 0x6000000 },
  ]);
});

test('a leader again, within the bound', () => {
  const late = [ack(100, 'node1', 1, 1), ack(8_000, 'node2', 2, 2)];
  expect(broken({ acknowledgements: late })).toEqual([
    'a leader again: No write was acknowledged for 1,000 ms after everything had healed; the next came after 3,500 ms.',
  ]);
  expect(broken({ acknowledgements: late, healed: null })).toEqual([]);
});
