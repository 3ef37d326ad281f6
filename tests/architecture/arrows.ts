import { at, importsOf, type Source } from './source.ts';

/**
 * The layers of src/, and labs/, and what each may import besides itself. A layer that has no line here is a
 * violation: a new one gets its place in this table first.
 */
const processModels = ['sim', 'postgres'];
const siblings = ['ha', 'pooler', 'logical', 'cloud'];
const clusterAndBelow = [...processModels, ...siblings, 'cluster'];

const mayImport: Readonly<Record<string, readonly string[]>> = {
  sim: [],
  postgres: ['sim'],
  ...Object.fromEntries(siblings.map((layer) => [layer, processModels])),
  cluster: [...processModels, ...siblings],
  // The engine fulfils the port that the cluster declares.
  engine: clusterAndBelow,
  scenario: clusterAndBelow,
  // A real cluster is a target of scenarios; it shares their words and nothing of the simulation.
  real: ['scenario', ...clusterAndBelow],
  // Seeded disasters for the cluster and the invariants that they must not break.
  soak: clusterAndBelow,
  // A check may name an invariant that was broken, and the schedule that does it.
  grading: ['soak', ...clusterAndBelow],
  // Configurations side by side under one schedule of faults, and what is found of each.
  experiment: ['grading', 'soak', ...clusterAndBelow],
  // A learner's code, in an interpreter that can reach nothing.
  sandbox: [],
  // Where a read goes: her function or her table.
  routing: ['sandbox'],
  lab: ['grading', 'routing', ...clusterAndBelow],
  // The labs themselves, at the top level: data, and checks as pure functions.
  labs: ['lab', 'experiment', 'grading', 'routing', 'soak', ...clusterAndBelow],
  session: [
    'course',
    'labs',
    'lab',
    'experiment',
    'soak',
    'grading',
    'engine',
    'scenario',
    ...clusterAndBelow,
  ],
  // What the course promises, and whether it is kept: pure.
  course: [],
  // What a device keeps of the site itself.
  offline: [],
  // What is shown never reaches the engine, save through the session that runs it in a worker.
  ui: [
    'session',
    'course',
    'labs',
    'lab',
    'experiment',
    'grading',
    'routing',
    // What a configuration comes to on schedules of troubles, in the page itself.
    'soak',
    ...clusterAndBelow,
    'components',
    'styles',
  ],
  components: ['ui', 'labs', 'lab', 'styles'],
  layouts: ['components', 'ui', 'session', 'offline', 'labs', 'lab', 'course', 'styles'],
  pages: ['layouts', 'course', 'components', 'ui', 'labs', 'lab', 'styles'],
  // The page that `npm run bench` measures: the course's own worker, driven without its pace.
  bench: ['session', 'engine', ...clusterAndBelow],
  cli: [
    'bench',
    'offline',
    'real',
    'soak',
    'session',
    'labs',
    'lab',
    'grading',
    'engine',
    'scenario',
    ...clusterAndBelow,
  ],
  styles: [],
  public: [],
};

/** The one layer that may load PGlite; all others may name its types at most. */
const pglite = { name: '@electric-sql/pglite', owner: 'engine' };

export function wrongArrows(source: Source): string[] {
  const layer = layerOf(source.path);
  if (!layer) return [];
  const allowed = mayImport[layer];
  if (!allowed) return [`${source.path}:1: the layer ${layer} has no place among the arrows`];

  return importsOf(source).flatMap(({ target, typeOnly, node }) => {
    if (target === pglite.name || target.startsWith(`${pglite.name}/`)) {
      if (layer === pglite.owner || typeOnly) return [];
      return [at(source, node, `only src/${pglite.owner} imports ${pglite.name}`)];
    }
    const imported = layerOf(target);
    if (imported && imported !== layer && !allowed.includes(imported)) {
      return [at(source, node, `${layer} may not import ${imported}`)];
    }
    if (layer === 'sim' && !target.startsWith('src/')) {
      return [at(source, node, `src/sim imports nothing, and so not ${target}`)];
    }
    return [];
  });
}

/** A folder of src/, or labs/, which stands beside it. */
function layerOf(path: string): string | undefined {
  return /^(?:src\/([^/.]+)|(labs))\//.exec(path)?.slice(1).find(Boolean);
}
