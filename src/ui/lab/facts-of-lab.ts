import { clientNames, hostsOf } from '../../cluster/workload/population.ts';
import type { Lab } from '../../lab/lab.ts';
import { populationOf } from '../../lab/lab-clients.ts';
import { takeOver } from '../../lab/lab-run.ts';
import { after, seconds } from '../../sim/instant.ts';
import type { TerminalOf } from '../Bench.tsx';
import type { LabFacts } from './lab-facts.ts';

/** Taken when the site is built: a page does not fetch what a lab is made of to say what it is about. */
export const factsOfLab = (lab: Lab): LabFacts => ({
  name: lab.name,
  version: lab.version,
  title: lab.title,
  tasks: lab.tasks,
  replays: lab.replays,
  seeds: lab.seeds,
  takenOverAt: takeOver(lab),
  clients: lab.start.clients.map(populationOf).flatMap((population) => {
    const hosts = hostsOf(population);
    return clientNames(population).map((name) => ({ name, hosts }));
  }),
  guests: lab.start.guests ? clientNames({ name: 'guest', count: lab.start.guests.count }) : [],
  questions: lab.answers,
  pages: lab.start.pages.map(({ at, text }) => ({ at: after(takeOver(lab), seconds(at)), text })),
  checks: lab.checks.map(({ id, claim }) => ({ id, claim })),
  hints: lab.hints.length,
  terminals: terminalsOf(lab.start.nodes),
});

/** One on each node, and a second one on the primary: the first may be waiting for something. */
const terminalsOf = ([primary = '', ...standbys]: readonly string[]): readonly TerminalOf[] => [
  { node: primary, session: 'psql' },
  { node: primary, session: 'psql2' },
  ...standbys.map((node) => ({ node, session: 'psql' })),
];
