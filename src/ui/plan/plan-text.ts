import { bareName, type Plan, type PlanNode } from './plan.ts';

type Draft = { -readonly [K in keyof PlanNode]: PlanNode[K] } & {
  readonly indent: number;
  details: string[];
  children: Draft[];
};

const ARROW = '->  ';
const SUBPLAN = /^(InitPlan|SubPlan|CTE) /;
/** These read no table, whatever their name says after “on”. */
const NO_TABLE = /^(Bitmap Index|CTE|Function|Subquery|Values|WorkTable|Table Function) Scan/;

/** Reads EXPLAIN's text format. Null where it is something else. */
export function planFromText(lines: readonly string[]): Plan | null {
  const first = lines[0];
  if (first === undefined || /^\s/.test(first) || first.startsWith('{') || first.startsWith('['))
    return null;
  const root = draft(first, 0, '');
  const open: Draft[] = [root];
  const footer: string[] = [];
  let role = '';
  for (const line of lines.slice(1)) {
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    const text = line.slice(indent);
    if (indent === 0) footer.push(text);
    else if (footer.length > 0) footer.push(text);
    else if (text.startsWith(ARROW)) {
      const child = draft(text.slice(ARROW.length), indent, role);
      role = '';
      innermost(open, indent).children.push(child);
      open.push(child);
    } else if (SUBPLAN.test(text)) role = text;
    else tell(innermost(open, indent), text);
  }
  return { root, footer };
}

function innermost(open: Draft[], indent: number): Draft {
  while (open.length > 1 && (open.at(-1)?.indent ?? 0) >= indent) open.pop();
  return open.at(-1) as Draft;
}

function tell(node: Draft, text: string): void {
  const removed = /^Subplans Removed: (\d+)/.exec(text);
  if (removed) node.subplansRemoved = Number(removed[1]);
  const shared = /^Buffers: shared(.*?)(?:, (?:local|temp)|$)/.exec(text);
  if (shared) {
    const counts = [...(shared[1] ?? '').matchAll(/(?:hit|read)=(\d+)/g)];
    node.pages = counts.reduce((sum, [, count]) => sum + Number(count), 0);
  }
  node.details.push(text);
}

function draft(text: string, indent: number, role: string): Draft {
  const label = text.replace(/\s+\((?:cost=|actual |never executed).*$/, '');
  const actual = /\(actual .*?rows=([\d.]+) loops=(\d+)\)/.exec(text);
  const never = text.includes('(never executed)');
  const on = NO_TABLE.test(label)
    ? null
    : / on ((?:"(?:[^"]|"")*"|[^\s".]+)(?:\.(?:"(?:[^"]|"")*"|[^\s".]+))?)/.exec(label);
  return {
    indent,
    label: role === '' ? label : `${role}: ${label}`,
    relation: on?.[1] === undefined ? null : bareName(on[1]),
    state: never ? 'never executed' : actual ? 'ran' : 'planned',
    subplansRemoved: 0,
    actual: actual ? { rows: Number(actual[1]), loops: Number(actual[2]) } : null,
    pages: null,
    details: [],
    children: [],
  };
}
