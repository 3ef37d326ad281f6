import { describe, expect, test } from 'vitest';
import { type ChaosRun, chaosLink, readChaosLink } from '../../../src/experiment/chaos-link.ts';
import { chaosPlan, TROUBLE_KINDS } from '../../../src/experiment/chaos-plan.ts';

const run: ChaosRun = {
  seed: 7,
  kinds: ['cut', 'kill'],
  count: 6,
  takeover: true,
  burns: ['primary', 'standby1'],
  names: 'ANY 2 (standby1, standby2, "standby3")',
  level: 'remote_apply',
  pace: 2,
};

describe('a link to a run of the console', () => {
  test('is the whole of it', () => expect(readChaosLink(chaosLink(run))).toEqual(run));

  test.each([
    ['another kind of link', '#run=1.2.3'],
    ['a level that is none', chaosLink(run).replace('remote_apply', 'quorum')],
    ['names that PostgreSQL refuses', chaosLink({ ...run, names: 'ANY 0 (standby1)' })],
    ['a quote', chaosLink({ ...run, names: "s1'; drop table board; --" })],
    ['a seed that is none', chaosLink(run).replace('seed=7', 'seed=1.5')],
    ['more troubles than there may be', chaosLink({ ...run, count: 1_000 })],
  ])('opens nothing for %s', (_, link) => expect(readChaosLink(link)).toBeNull());

  test('burns only what can burn', () => {
    const burns = ['standby1', 'primary'];
    expect(readChaosLink(chaosLink({ ...run, burns }))?.burns).toEqual([]);
  });
});

test('a schedule follows from its wish, mends what it breaks or lets it last, and keeps troubles of one thing apart', () => {
  for (let seed = 0; seed < 200; seed++) {
    const wish = {
      seed,
      kinds: TROUBLE_KINDS,
      count: 12,
      takeover: false,
      burns: ['primary'],
    };
    const plan = chaosPlan(wish);
    expect(chaosPlan(wish)).toEqual(plan);
    for (const [i, { name, from, to, starts, ends }] of plan.troubles.entries()) {
      expect(starts.length).toBe(ends.length);
      expect(to === null || (to > from && to < plan.lasts)).toBe(true);
      for (const other of plan.troubles.slice(i + 1))
        if (other.name === name) expect(other.from).toBeGreaterThan(to ?? plan.lasts);
    }
  }
});
