import { describe, expect, test } from 'vitest';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { chaosPlan, TROUBLE_KINDS } from '../../src/experiment/chaos-plan.ts';
import { historyOfRegister } from '../../src/experiment/client-history.ts';
import { configurations } from '../../src/experiment/configuration.ts';
import { experiment } from '../../src/experiment/experiment.ts';
import { CAPTAINS_EVENING, type Trouble, TWO_CAPTAINS } from '../../src/experiment/fault-plan.ts';
import { type Findings, findings } from '../../src/experiment/findings.ts';
import { makeExperiment } from '../../src/session/make-experiment.ts';
import { seconds } from '../../src/sim/instant.ts';

const engine = await openNodeEngine();

const tillIn = ({ phases }: Findings, phase: number) =>
  phases[phase]?.services.find(({ group }) => group === 'till');

/** The matrix of chapter 11: where the till goes on, and what the fire leaves. */
const MATRIX = {
  async: { frozen: true, cut: true, kept: false },
  write: { frozen: true, cut: true, kept: false },
  apply: { frozen: true, cut: true, kept: false },
  quorum: { frozen: true, cut: false, kept: true },
  all: { frozen: false, cut: false, kept: true },
} as const;

describe.each(configurations)('$name', (configuration) => {
  test('as the matrix has it', async () => {
    const run = await experiment(
      { configuration, plan: CAPTAINS_EVENING, seed: 11, pace: 1 },
      engine,
    );
    const found = findings(run);
    const served = (phase: number) => {
      const { asked = 0, late = 0 } = tillIn(found, phase) ?? {};
      return asked > 0 && late === 0;
    };
    expect({
      frozen: served(1),
      cut: served(2),
      kept: found.lost?.length === 0,
    }).toEqual(MATRIX[configuration.id]);
    // A read after the fire shows what was lost; nothing else does where all reads go to the primary.
    expect(found.atThePrimary.kind).toBe(
      MATRIX[configuration.id].kept ? 'linearizable' : 'anomaly',
    );
    expect(found.anywhere.kind).toBe('anomaly');
    // A standby takes no writes, whatever is configured: CAP's A is out of reach.
    const far = found.phases.flatMap(({ services }) =>
      services.filter(({ group }) => group === 'far-till'),
    );
    expect(far.every(({ asked, refused }) => asked === refused)).toBe(true);
    expect(found.broken).toEqual([]);
  });
});

test('an experiment’s actions are the whole run: it comes again from them', async () => {
  const plan = chaosPlan({
    seed: 3,
    kinds: TROUBLE_KINDS,
    count: 6,
    takeover: false,
    burns: ['primary'],
  });
  const run = await experiment(
    { configuration: configurations[3], plan, seed: 3, pace: 1 },
    engine,
  );
  const again = await Cluster.open(run.spec, engine);
  for (const { at, action } of run.actions) {
    await again.advance(at);
    await again.act(action);
  }
  await again.advance(run.until);
  expect(historyOfRegister(again.sent, again.statements)).toEqual(
    run.history.filter(({ client }) => client !== 'auditor'),
  );
  again.close();
});

/** Two cables, each cut to the end, and a trouble that has nothing to do with it. */
const troubles = ['standby2', 'standby1', 'standby3'].map(
  (node, i): Trouble => ({
    name: node === 'standby1' ? 'standby1 is killed' : `the cable to ${node} is cut`,
    from: seconds(1 + i),
    to: node === 'standby1' ? seconds(3) : null,
    starts: [node === 'standby1' ? { kind: 'kill', node } : { kind: 'cut', a: 'primary', b: node }],
    ends: node === 'standby1' ? [{ kind: 'start', node }] : [],
  }),
);

test('a schedule that loses something is cut down to what is needed', async () => {
  const burns = ['primary', 'standby1'];
  const plan = {
    troubles,
    burns,
    takeover: null,
    failoverAt: seconds(5),
    lasts: seconds(5),
  };
  const job = {
    configuration: configurations[2],
    plan,
    seed: 3,
    pace: 1,
    shrinkTo: 'lost',
  } as const;
  const result = await makeExperiment(job, engine, () => {});
  expect(result.findings.lost?.length).toBeGreaterThan(0);
  expect(result.plan.troubles.map(({ name }) => name)).toEqual([
    'the cable to standby2 is cut',
    'the cable to standby3 is cut',
  ]);
  expect(result.shrunk?.minimal).toBe(true);
});

test.each([
  { id: 'async', split: true },
  { id: 'quorum', split: false },
])('with a primary on each side of the cut: $id', async ({ id, split }) => {
  const configuration = configurations.find((one) => one.id === id) ?? configurations[0];
  const run = await experiment({ configuration, plan: TWO_CAPTAINS, seed: 11, pace: 1 }, engine);
  const found = findings(run);
  expect(run.promotions.map(({ node, timeline }) => [node, timeline])).toEqual([['standby2', 2]]);
  // Who must wait for the others acknowledges nothing any more, and so there is one captain.
  expect(found.broken.some(({ invariant }) => invariant === 'one primary')).toBe(split);
  expect((found.lost?.length ?? 0) > 0).toBe(split);
  // But it still answers reads, and they grow stale with the first change that the other takes.
  expect(found.atThePrimary.kind).toBe('anomaly');
});
