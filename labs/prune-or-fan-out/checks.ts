import type { Evidence, Finding } from '../../src/grading/evidence.ts';
import { fail, type Judge, type Judgement, pass } from '../../src/grading/verdict.ts';

interface PlanJson {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Loops'?: number;
  readonly Filter?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanJson[];
}

/** The years that each question needs: parts of any other are opened for nothing. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  march: ['2025'],
  week: ['2025', '2026'],
  slip: ['2025'],
  wet: ['2024'],
};

const found = ({ found: all, takenOverAt }: Evidence, id: string): Finding =>
  all[id] ?? { at: takenOverAt, rows: [], error: null };
const given = ({ answers }: Evidence, id: string): string =>
  answers.findLast((one) => one.id === id)?.text.trim() ?? '';

function* nodesOf(plan: PlanJson): Generator<PlanJson> {
  yield plan;
  for (const child of plan.Plans ?? []) yield* nodesOf(child);
}

function planOf({ rows }: Finding): PlanJson | null {
  if (rows.length === 0) return null;
  const [{ Plan: plan }] = JSON.parse(rows.map(([line]) => line ?? '').join('\n')) as [
    { Plan: PlanJson },
  ];
  return plan;
}

/** What is wrong with one of the four; null where nothing is. */
function wrongWith(evidence: Evidence, id: string): Judgement | null {
  const [plan, rows, truth] = ['plan', 'rows', 'truth'].map((what) =>
    found(evidence, `${id}-${what}`),
  ) as [Finding, Finding, Finding];
  if (given(evidence, id) === '') return fail(rows.at, `“${id}” has no answer yet.`);
  const error = rows.error ?? plan.error;
  if (error !== null)
    return fail(rows.at, `“${id}” was refused: ${error.sqlstate} ${error.message}.`);
  const sorted = (one: Finding) =>
    one.rows
      .map((row) => JSON.stringify(row))
      .sort()
      .join();
  if (sorted(rows) !== sorted(truth))
    return fail(
      rows.at,
      `“${id}” brings other rows than before: ${JSON.stringify(rows.rows[0] ?? [])} instead of ${JSON.stringify(truth.rows[0] ?? [])}.`,
    );
  const nodes = [...nodesOf(planOf(plan) as PlanJson)];
  const opened = nodes.flatMap(({ 'Relation Name': name, 'Actual Loops': loops }) =>
    name !== undefined && loops !== 0 ? [name] : [],
  );
  const needless = opened.filter((name) => !NEEDED[id]?.some((year) => name.endsWith(year)));
  if (needless.length === 0) return null;
  return fail(
    rows.at,
    `“${id}” opens ${needless.join(', ')} for nothing. ${whyOpened(evidence, nodes)}`,
  );
}

function whyOpened(evidence: Evidence, nodes: readonly PlanJson[]): string {
  const conditions = nodes.map((node) => `${node.Filter ?? ''} ${node['Index Cond'] ?? ''}`).join();
  if (found(evidence, 'exclusion').rows[0]?.[0] === 'on')
    return 'constraint_exclusion is on, and is about inheritance: it compares no bounds of partitions.';
  if (!conditions.includes('delivery_time'))
    return 'Its condition does not name delivery_time, and the bounds speak of nothing else.';
  return 'The key stands inside a function or a cast there, or is not compared at all, so that no bound can be compared with it.';
}

const fourPrune: Judge = (evidence) =>
  Object.keys(NEEDED)
    .map((id) => wrongWith(evidence, id))
    .find((one) => one !== null) ?? pass('Each of the four opens only the years that it needs.');

const isJoin = ({ 'Node Type': type }: PlanJson): boolean =>
  /(Hash|Merge) Join|Nested Loop/.test(type);

const pairs: Judge = (evidence) => {
  const finding = found(evidence, 'pairs');
  // PostgreSQL without a postmaster does not read these settings, so that no copy can show what they do.
  if (found(evidence, 'standing').rows[0]?.[0] === 't')
    return pass('New sessions join in pairs: the database, or the role, says so.');
  const plan = planOf(finding);
  const joins = plan === null ? [] : [...nodesOf(plan)].filter(isJoin);
  const whole = joins.find((join) =>
    [...nodesOf(join)].some(({ 'Node Type': type }) => type === 'Append'),
  );
  return joins.length > 1 && whole === undefined
    ? pass(`A new session joins in ${joins.length} pairs.`)
    : fail(
        finding.at,
        'A new session joins all deliveries with all complaints in one piece: for it, enable_partitionwise_join is off.',
      );
};

const staysWhole: Judge = (evidence) => {
  const { at } = found(evidence, 'pairs');
  return given(evidence, 'whole') === 'recipes'
    ? pass('recipes stay one table.')
    : fail(
        at,
        'recipes are looked up by primary key and never thrown away: its B-tree has four levels, and no part of it ever leaves.',
      );
};

const key: Judge = (evidence) => {
  const { at } = found(evidence, 'pairs');
  switch (given(evidence, 'key')) {
    case 'day':
      return pass('visits leave month by month, and reports name the day.');
    case 'guest':
      return fail(
        at,
        'With a hash of the guest every part holds visits of every month: the old ones have to be deleted row by row.',
      );
    case 'id':
      return fail(at, 'Reports name the day and not the id, so that they open every part.');
    default:
      return fail(at, 'By what visits are cut has not been said.');
  }
};

export const judges = { 'four-prune': fourPrune, pairs, 'stays-whole': staysWhole, key };
