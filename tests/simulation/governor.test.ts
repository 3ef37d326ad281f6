import { describe, expect, it } from 'vitest';
import { ROUTES, type RouteName } from '../../src/ha/clients/routes.ts';
import {
  DEFAULT_DYNAMIC,
  DEFAULT_LOCAL,
  type DynamicConfiguration,
  type WatchdogMode,
} from '../../src/ha/configuration.ts';
import { GOVERNED_NODES, type GovernorPlan } from '../../src/soak/governor-run.ts';
import { proveGovernor } from '../../src/soak/prove-governor.ts';

const plan = (
  dynamic: Partial<DynamicConfiguration>,
  mode: WatchdogMode = 'required',
  route: RouteName = 'read-write',
): GovernorPlan => ({
  route: ROUTES[route],
  dynamic: { ...DEFAULT_DYNAMIC, usePgRewind: true, ...dynamic },
  local: Object.fromEntries(
    GOVERNED_NODES.map((node) => [
      node,
      { ...DEFAULT_LOCAL, watchdog: { ...DEFAULT_LOCAL.watchdog, mode } },
    ]),
  ),
});

/** The first schedule of these that breaks a promise, and the promise. */
function firstBroken(tried: GovernorPlan, seeds: number): readonly [number, string] | null {
  for (let seed = 1; seed <= seeds; seed++) {
    const [broken] = proveGovernor(tried, seed).broken;
    if (broken) return [seed, broken.invariant];
  }
  return null;
}

describe('a governor on seeded schedules of faults', () => {
  it.each([
    ['on', 100],
    ['quorum', 60],
  ] as const)(
    'keeps every promise with synchronous_mode %s and a watchdog that is required',
    (synchronousMode, seeds) => {
      const good = plan({ synchronousMode });
      for (let seed = 1; seed <= seeds; seed++) {
        const { broken, schedule, history } = proveGovernor(good, seed);
        expect(broken, `seed ${seed}: ${schedule.words.join('; ')}`).toEqual([]);
        expect(history.acknowledged.length).toBeGreaterThan(100);
      }
    },
    60_000,
  );

  it('loses what was acknowledged without synchronous_mode, however small maximum_lag_on_failover is', () => {
    expect(firstBroken(plan({ maximumLagOnFailover: 0 }), 60)?.[1]).toBe('nothing lost');
  });

  it('loses it with names that are set by hand, too: the race does not know who acknowledged', () => {
    const parameters = { synchronous_standby_names: 'ANY 1 (node2,node3)' };
    expect(firstBroken(plan({ parameters }), 100)?.[1]).toBe('nothing lost');
  });

  it('has two primaries where a watchdog that is not there need not be', () => {
    const tried = plan({ synchronousMode: 'on' }, 'automatic');
    expect(firstBroken(tried, 100)?.[1]).toBe('one primary');
  });

  it.each(['name', 'any'] as const)('leaves clients outside whose route is "%s"', (route) => {
    const tried = plan({ synchronousMode: 'on' }, 'required', route);
    expect(firstBroken(tried, 20)?.[1]).toBe('a leader again');
  });

  it('brings clients back through a proxy that asks Patroni', () => {
    expect(firstBroken(plan({ synchronousMode: 'on' }, 'required', 'proxy'), 40)).toBeNull();
  });

  it('is the same run for the same seed', () => {
    const tried = plan({ synchronousMode: 'quorum' });
    expect(proveGovernor(tried, 5)).toEqual(proveGovernor(tried, 5));
  });
});
