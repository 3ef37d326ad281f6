import { describe, expect, test } from 'vitest';
import { ROUTES } from '../../../src/ha/clients/routes.ts';
import { DEFAULT_DYNAMIC, DEFAULT_LOCAL } from '../../../src/ha/configuration.ts';
import { instant, ms } from '../../../src/sim/instant.ts';
import {
  failingSchedule,
  openFailing,
  scheduleInWords,
  smallestOf,
  withoutWatchdogIn,
} from '../../../src/soak/failing-schedule.ts';
import { GOVERNED_NODES, type GovernorPlan } from '../../../src/soak/governor-run.ts';
import { governorSchedule } from '../../../src/soak/governor-schedule.ts';
import type { Invariant } from '../../../src/soak/invariants.ts';
import { type GovernorProof, proveGovernor } from '../../../src/soak/prove-governor.ts';
import { itemsOf, withItems } from '../../../src/soak/schedule-items.ts';

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);
const YML =
  'scope: cafe\nname: node1\nbootstrap:\n  dcs:\n    postgresql:\n      use_pg_rewind: true\n';

/** What the file comes to: no synchronous standby, and a watchdog where there is one. */
const plan: GovernorPlan = {
  route: ROUTES['read-write'],
  dynamic: { ...DEFAULT_DYNAMIC, usePgRewind: true },
  local: Object.fromEntries(GOVERNED_NODES.map((node) => [node, DEFAULT_LOCAL])),
};

const brokenIn =
  (invariant: Invariant) =>
  ({ broken }: Pick<GovernorProof, 'broken'>) =>
    broken.find((one) => one.invariant === invariant) ?? null;

const smallest = (invariant: Invariant) =>
  smallestOf(
    SEEDS.map((number) => ({ number, proof: proveGovernor(plan, number) })),
    brokenIn(invariant),
    (number, schedule) => proveGovernor(plan, number, schedule),
  );

describe('the items of a schedule', () => {
  test('are faults with their remedies, and a device that is missing', () => {
    for (const seed of SEEDS) {
      const schedule = governorSchedule(seed);
      const items = itemsOf(schedule);
      for (const item of items)
        if (item.kind === 'faults') expect(item.faults.length).toBeLessThanOrEqual(2);
      expect(withItems(schedule, items)).toEqual(schedule);
      expect(withItems(schedule, []).faults).toEqual([]);
    }
  });
});

describe.each(['one primary', 'nothing lost'] as const)(
  'the smallest that breaks %s',
  (invariant) => {
    const found = smallest(invariant);
    if (!found) throw new Error('no schedule breaks it');
    const failing = failingSchedule({ kind: 'governor', yml: YML, route: 'read-write' }, found);

    test('is the same every time', () => {
      const { number, kept, broken } = smallest(invariant) ?? {};
      expect({ number, kept, broken }).toEqual({
        ...{ number: found.number, kept: found.kept, broken: found.broken },
      });
    });

    test('holds as soon as any one thing more is left out', () => {
      const schedule = governorSchedule(found.number);
      const items = itemsOf(schedule).filter((_, place) => found.kept.includes(place));
      for (const item of items) {
        const without = items.filter((one) => one !== item);
        const proof = proveGovernor(plan, found.number, withItems(schedule, without));
        expect(brokenIn(invariant)(proof)).toBeNull();
      }
    });

    test('is played again as it was, wherever one stops on the way', () => {
      const whole = openFailing(failing);
      whole.runUntil(whole.end);
      const halting = openFailing(failing);
      for (let at = 0; at < halting.end; at += ms(1_370)) halting.runUntil(instant(at));
      halting.runUntil(halting.end);
      expect(halting.play.history).toEqual(whole.play.history);
      expect(halting.befallen).toEqual(whole.befallen);
      expect(whole.befallen).toEqual(found.proof.befallen);
      expect(whole.play.history).toEqual(found.proof.history);
    });

    test('is told in words', () => {
      const words = scheduleInWords(found);
      expect(words).toContain(`Schedule ${found.number}`);
      const missing = withoutWatchdogIn(failing);
      if (missing !== null) expect(words).toContain(`${missing} has no watchdog device`);
      for (const { at } of found.proof.befallen.slice(0, 1))
        expect(words).toContain(`${(at / 1e6).toFixed(1)} s: `);
    });
  },
);

test('there is none where nothing is broken', () => {
  expect(smallest('forks at promotions')).toBeNull();
});
