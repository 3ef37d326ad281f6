import type { Evidence } from '../../src/grading/evidence.ts';
import {
  fail,
  failOn,
  inconclusive,
  type Judge,
  type Judgement,
  pass,
} from '../../src/grading/verdict.ts';
import { isRouteName, ROUTES, type RouteName } from '../../src/ha/clients/routes.ts';
import { type PatroniYml, readPatroniYml } from '../../src/ha/patroni-yml/patroni-yml.ts';
import { lineOf } from '../../src/ha/patroni-yml/problem.ts';
import { failingSchedule, scheduleInWords, smallestOf } from '../../src/soak/failing-schedule.ts';
import { planOf } from '../../src/soak/governor-run.ts';
import type { Invariant } from '../../src/soak/invariants.ts';
import { type GovernorProof, proveGovernor } from '../../src/soak/prove-governor.ts';
import { start } from './files.ts';

/** So many schedules a seed of the lab: a hundred on its five. */
const SCHEDULES = 20;

interface Tried {
  readonly text: string;
  readonly file: PatroniYml;
  readonly route: RouteName;
  readonly proofs: readonly GovernorProof[];
}

const known = new WeakMap<Evidence, Tried>();

/** The learner's file, and what came of it on the schedules of this run's seed. */
function tried(evidence: Evidence): Tried {
  const before = known.get(evidence);
  if (before) return before;
  const text = evidence.answers.findLast(({ id }) => id === 'patroni-yml')?.text ?? start;
  const file = readPatroniYml(text);
  const chosen = evidence.answers.findLast(({ id }) => id === 'route')?.text ?? '';
  const route = isRouteName(chosen) ? chosen : 'name';
  const first = (evidence.seed - 1) * SCHEDULES + 1;
  const proofs = file.starts
    ? Array.from({ length: SCHEDULES }, (_, i) =>
        proveGovernor(planOf(file, ROUTES[route]), first + i),
      )
    : [];
  const found = { text, file, route, proofs };
  known.set(evidence, found);
  return found;
}

const readsAll: Judge = (evidence) => {
  const { text, file } = tried(evidence);
  const twice = file.problems.find(({ message }) => message.includes('stands again in line'));
  const [problem] = twice ? [twice] : file.problems.filter(({ severity }) => severity === 'error');
  if (!problem) return pass('Patroni reads all of your file.');
  const words = `Line ${lineOf(text, problem.from)}: ${problem.message}`;
  return fail(evidence.takenOverAt, words);
};

/** A promise, held to all schedules of the seed. The smallest that breaks it tells how, cut down to what is needed. */
const promise =
  (
    invariant: Invariant,
    kept: string,
    why: (file: PatroniYml, route: RouteName) => string,
  ): Judge =>
  (evidence): Judgement => {
    const { text, file, route, proofs } = tried(evidence);
    if (!file.starts)
      return inconclusive(evidence.takenOverAt, 'Patroni does not start with your file.');
    const plan = planOf(file, ROUTES[route]);
    const smallest = smallestOf(
      proofs.map((proof) => ({ number: proof.seed, proof })),
      ({ broken }) => broken.find((one) => one.invariant === invariant) ?? null,
      (number, schedule) => proveGovernor(plan, number, schedule),
    );
    if (!smallest) return pass(`${kept} (${proofs.length} schedules a seed.)`);
    return failOn(
      failingSchedule({ kind: 'governor', yml: text, route }, smallest),
      `${scheduleInWords(smallest)}: ${smallest.broken.words} ${why(file, route)}`,
    );
  };

const whyTwo = ({ local }: PatroniYml): string =>
  local.watchdog.mode === 'required'
    ? 'Nothing stopped the old one in time.'
    : `With the mode \`${local.watchdog.mode}\` a node without a watchdog becomes leader all the same, and nothing resets its machine when its Patroni stands still.`;

function whyLost({ dynamic, local }: PatroniYml): string {
  const names =
    local.parameters.synchronous_standby_names ?? dynamic.parameters.synchronous_standby_names;
  if (names !== undefined)
    return `A standby had confirmed them, by \`${names}\`. But the race does not know who: with \`synchronous_mode\` off, whoever is there may win it.`;
  if (dynamic.maximumLagOnFailover < 1_048_576)
    return `\`maximum_lag_on_failover\` compares with the position that the leader last wrote to the DCS, once in \`loop_wait\`: what came after it, nobody missed.`;
  return 'No commit had waited for a standby.';
}

const WHY_LATE: Readonly<Record<RouteName, string>> = {
  name: 'The app goes to node1 by its name, and node1 is not the primary for ever.',
  any: 'The app takes the first host that lets it in, and that may be a standby.',
  'read-write': 'The app looks for a server that takes writes, and there was none.',
  proxy: 'The app goes where HAProxy sends it, and HAProxy had no primary.',
};

export const judges = {
  'reads-all': readsAll,
  'one-primary': promise('one primary', 'There was one primary at a time.', whyTwo),
  'nothing-lost': promise('nothing lost', 'Nothing that was acknowledged is lost.', whyLost),
  'back-in-time': promise(
    'a leader again',
    'After one fault, clients could write again in time.',
    (_, route) => WHY_LATE[route],
  ),
} satisfies Record<string, Judge>;
