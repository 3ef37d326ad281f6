import type { Plan, PlanNode } from './plan.ts';

type Json = Readonly<Record<string, unknown>>;

/** Fields that the label, the figures or the tree itself say. */
const SAID = new Set(
  (
    'Node Type|Relation Name|Alias|Schema|Plans|Parent Relationship|Subplan Name|Parallel Aware|Async Capable|Disabled|' +
    'Startup Cost|Total Cost|Plan Rows|Plan Width|Actual Startup Time|Actual Total Time|Actual Rows|Actual Loops|Index Name|' +
    'Join Type|Strategy|Partial Mode|Scan Direction|Operation|Inner Unique|Subplans Removed'
  ).split('|'),
);

/** Reads EXPLAIN (FORMAT JSON). Null where it is something else. */
export function planFromJson(text: string): Plan | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const [whole] = Array.isArray(json) ? (json as Json[]) : [];
  const plan = whole?.Plan as Json | undefined;
  if (!whole || !plan) return null;
  const footer = ['Planning Time', 'Execution Time'].flatMap((key) =>
    whole[key] === undefined ? [] : [`${key}: ${String(whole[key])} ms`],
  );
  return { root: nodeOf(plan), footer };
}

function nodeOf(json: Json): PlanNode {
  const text = (key: string) => (json[key] === undefined ? '' : String(json[key]));
  const loops = json['Actual Loops'];
  const hit = json['Shared Hit Blocks'];
  const children = (json.Plans ?? []) as readonly Json[];
  return {
    label: labelOf(text),
    relation: json['Relation Name'] === undefined ? null : text('Relation Name'),
    state: loops === undefined ? 'planned' : loops === 0 ? 'never executed' : 'ran',
    subplansRemoved: Number(json['Subplans Removed'] ?? 0),
    actual: loops ? { rows: Number(json['Actual Rows']), loops: Number(loops) } : null,
    pages: hit === undefined ? null : Number(hit) + Number(json['Shared Read Blocks'] ?? 0),
    details: Object.entries(json).flatMap(([key, value]) => {
      const nothing = value === 0 || value === false || typeof value === 'object';
      return SAID.has(key) || (nothing && !Array.isArray(value)) || key.endsWith('Blocks')
        ? []
        : [`${key}: ${Array.isArray(value) ? value.join(', ') : String(value)}`];
    }),
    children: children.map(nodeOf),
  };
}

function labelOf(text: (key: string) => string): string {
  const kind = text('Node Type');
  const strategy = kind === 'Aggregate' && text('Strategy') === 'Hashed' ? 'HashAggregate' : kind;
  const name = kind === 'ModifyTable' ? text('Operation') : strategy;
  const join = text('Join Type');
  const joined =
    join !== '' && join !== 'Inner' ? name.replace(/( Join)?$/, ` ${join} Join`) : name;
  const index = text('Index Name');
  const table = text('Relation Name');
  const alias = text('Alias');
  const on = table === '' ? (alias === '' ? '' : ` on ${alias}`) : ` on ${table}`;
  const role = text('Subplan Name');
  return `${role === '' ? '' : `${role}: `}${joined}${index === '' ? '' : ` using ${index}`}${on}${
    table !== '' && alias !== '' && alias !== table ? ` ${alias}` : ''
  }`;
}
