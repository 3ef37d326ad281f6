import { describe, expect, test } from 'vitest';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { chaosPlan, TROUBLE_KINDS } from '../../src/experiment/chaos-plan.ts';
import { type Configuration, configurations } from '../../src/experiment/configuration.ts';
import { experiment } from '../../src/experiment/experiment.ts';
import type { FaultPlan, Trouble } from '../../src/experiment/fault-plan.ts';
import { findings } from '../../src/experiment/findings.ts';
import { makeExperiment } from '../../src/session/make-experiment.ts';
import { seconds } from '../../src/sim/instant.ts';
import type { Invariant } from '../../src/soak/invariants.ts';

const engine = await openNodeEngine();

const cut = (node: string, from: number): Trouble => ({
  name: `the cable to ${node} is cut`,
  ...{ from: seconds(from), to: null },
  starts: [{ kind: 'cut', a: 'primary', b: node }],
  ends: [{ kind: 'heal', a: 'primary', b: node }],
});

/** Two cables are cut, which everything below can do without. */
const plan: FaultPlan = {
  troubles: [cut('standby1', 1), cut('standby3', 1.5)],
  ...{ takeover: null, failoverAt: null, burns: [], lasts: seconds(3) },
};
const asynchronous: Configuration = configurations[0];

/** Configurations and evenings that are known to be unsafe, and what they break. */
const UNSAFE: readonly {
  readonly invariant: Invariant;
  readonly words: RegExp;
  readonly configuration: Configuration;
  readonly plan: FaultPlan;
}[] = [
  {
    invariant: 'one primary',
    words: /^primary acknowledged write \d+ in term 1, .* after standby2 .* of term 2\.$/,
    configuration: asynchronous,
    plan: { ...plan, takeover: { at: seconds(0.5), node: 'standby2' }, lasts: seconds(6) },
  },
  {
    // Two that know nothing of each other both choose the next number.
    invariant: 'forks at promotions',
    words: /^Timeline 2 was begun twice: by standby2 and by standby[13]\.$/,
    configuration: asynchronous,
    plan: {
      ...plan,
      ...{ takeover: { at: seconds(1), node: 'standby2' }, failoverAt: seconds(3) },
      burns: ['primary', 'standby2'],
    },
  },
  {
    invariant: 'a leader again',
    words:
      /^No write was acknowledged for 15,000 ms after everything had healed, and none after that\.$/,
    configuration: { ...asynchronous, names: 'standby4' },
    plan,
  },
];

describe.each(UNSAFE)('broken on purpose: $invariant', ({ invariant, words, ...unsafe }) => {
  test('is named, and needs none of the troubles', async () => {
    const { findings, plan } = await makeExperiment(
      { ...unsafe, seed: 5, pace: 2, shrinkTo: invariant },
      engine,
      () => {},
    );
    const found = findings.broken.find((one) => one.invariant === invariant);
    expect(found?.words).toMatch(words);
    expect(plan.troubles).toEqual([]);
  });
});

test('forks and promotions are those of PostgreSQL: its history file and the trace agree', async () => {
  const burnt = { ...plan, failoverAt: seconds(3), burns: ['primary'] };
  const { forks, promotions, probe } = await experiment(
    { configuration: asynchronous, plan: burnt, seed: 5, pace: 1 },
    engine,
  );
  expect(forks).toEqual([{ timeline: 2, parent: 1, at: promotions[0]?.forkedAt }]);
  expect(probe).toMatchObject({ term: 2, node: promotions[0]?.node });
});

test('a safe configuration breaks none, whatever befalls it: 8 seeds, with a fire and without', {
  timeout: 120_000,
}, async () => {
  const [, , , configuration] = configurations;
  for (let seed = 1; seed <= 8; seed++) {
    const burns = seed % 2 === 0 ? ['primary', 'standby1'] : [];
    const wish = { seed, kinds: TROUBLE_KINDS, count: 6, takeover: false, burns };
    const run = await experiment({ configuration, plan: chaosPlan(wish), seed, pace: 0.5 }, engine);
    expect(findings(run).broken, `seed ${seed}`).toEqual([]);
  }
});
