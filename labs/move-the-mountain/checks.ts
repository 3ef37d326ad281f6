import type { Evidence, Finding } from '../../src/grading/evidence.ts';
import { longestStall } from '../../src/grading/stall.ts';
import {
  clock,
  fail,
  inconclusive,
  type Judge,
  type Judgement,
  pass,
} from '../../src/grading/verdict.ts';
import { ms, toMs } from '../../src/sim/instant.ts';

const MOST = ms(500);
/** Rows when the learner took over, and the sum of their numbers. */
const OLD_ROWS = 1_000;
const OLD_SUM = (OLD_ROWS * (OLD_ROWS + 1)) / 2;

const NOTHING: Finding = { at: 0 as Finding['at'], rows: [], error: null };
const found = ({ found: all }: Evidence, id: string): Finding => all[id] ?? NOTHING;
const value = (evidence: Evidence, id: string): string | null =>
  found(evidence, id).rows[0]?.[0] ?? null;
const number = (evidence: Evidence, id: string, column = 0): number =>
  Number(found(evidence, id).rows[0]?.[column] ?? 0);

const isParted = (evidence: Evidence): boolean => value(evidence, 'kind') === 'p';
const endOf = (evidence: Evidence) => found(evidence, 'kind').at;

/** Nothing is to be said of a migration that has not come to pass. */
const notYet = (evidence: Evidence): Judgement =>
  inconclusive(
    endOf(evidence),
    value(evidence, 'kind') === null
      ? 'There is no table supply_deliveries in the end.'
      : 'supply_deliveries is still one table, so nothing has been moved.',
  );

const noRowLost: Judge = (evidence) => {
  if (!isParted(evidence)) return notYet(evidence);
  const end = endOf(evidence);
  const [rows, sum] = [number(evidence, 'old-rows'), number(evidence, 'old-rows', 1)];
  if (rows === 0)
    return fail(
      end,
      'supply_deliveries has none of its 1,000 old rows. A rename moves a name: the rows stay with the table that had it.',
    );
  if (rows !== OLD_ROWS)
    return fail(end, `Of 1,000 old rows supply_deliveries has ${rows.toLocaleString('en')}.`);
  if (sum !== OLD_SUM)
    return fail(
      end,
      'All 1,000 old rows are there, under other numbers than before: who has noted one finds another delivery.',
    );
  const slips = new Set(found(evidence, 'slips').rows.map(([key]) => Number(key)));
  const lost = evidence.requests.find(
    ({ client, outcome, key }) =>
      client.startsWith('dock') && outcome === 'acknowledged' && !slips.has(key),
  );
  if (lost)
    return fail(
      lost.answeredAt ?? end,
      `Slip ${lost.key} was acknowledged at ${clock(lost.answeredAt ?? end)}, and supply_deliveries does not have it. It was written while the copy was made, or between the copy and the swap.`,
    );
  const checked = evidence.requests.filter(
    ({ client, outcome }) => client === 'desk' && outcome === 'acknowledged',
  ).length;
  if (number(evidence, 'checked') !== checked)
    return fail(
      end,
      `The desk has checked ${checked} times, and supply_deliveries knows of ${number(evidence, 'checked')}: a row that was changed after it was copied has its old contents.`,
    );
  return pass(`All 1,000 old rows, ${slips.size} new ones and ${checked} checks are there.`);
};

const ids: Judge = (evidence) => {
  if (!isParted(evidence)) return notYet(evidence);
  const end = endOf(evidence);
  const twice = value(evidence, 'twice');
  const [next, most] = [number(evidence, 'sequence'), number(evidence, 'sequence', 1)];
  if (twice !== null)
    return fail(end, `Number ${twice} is there twice: a number that was in use is given again.`);
  if (next < most)
    return fail(
      end,
      `The largest number is ${most}, and the sequence stands at ${next}: sooner or later a number that is in use is given again.`,
    );
  return pass(`No number is there twice, and the next is larger than ${most}.`);
};

const noStall: Judge = (evidence) => {
  const refused = evidence.requests.find(
    ({ error, sentAt }) => error !== null && sentAt >= evidence.takenOverAt,
  );
  if (refused?.error)
    return fail(
      refused.answeredAt ?? refused.sentAt,
      `${refused.client} was told at ${clock(refused.answeredAt ?? refused.sentAt)}: ${refused.error.sqlstate} ${refused.error.message}.`,
    );
  const stall = longestStall(evidence, MOST);
  if (stall) {
    const behind = stall.behind === null ? '' : ` What you had sent before it: “${stall.behind}”.`;
    return fail(
      stall.request.sentAt,
      `A request of ${stall.request.client}, sent at ${clock(stall.request.sentAt)}, took ${Math.round(toMs(stall.length))} ms.${behind}`,
    );
  }
  return isParted(evidence)
    ? pass('No request failed, and none took more than 500 ms.')
    : notYet(evidence);
};

interface PlanJson {
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanJson[];
}

const tablesOf = (plan: PlanJson): readonly string[] => [
  ...(plan['Relation Name'] === undefined ? [] : [plan['Relation Name']]),
  ...(plan.Plans ?? []).flatMap(tablesOf),
];

const plans: Judge = (evidence) => {
  const end = endOf(evidence);
  if (!isParted(evidence))
    return fail(
      end,
      'supply_deliveries is one table: a query of next month reads the old years too.',
    );
  const text = found(evidence, 'plan')
    .rows.map(([line]) => line ?? '')
    .join('\n');
  const [{ Plan: plan }] = JSON.parse(text) as [{ Plan: PlanJson }];
  const old = found(evidence, 'old-homes').rows.map(([name]) => name);
  const read = tablesOf(plan).find((name) => old.includes(name));
  if (read !== undefined)
    return fail(end, `A query of February 2026 reads ${read}, where rows from before 2025 lie.`);
  if (number(evidence, 'statistics') === 0)
    return fail(
      end,
      'Plans prune. But there are no statistics of the whole table: nobody has analysed the parent, and autovacuum never will.',
    );
  return pass('A query of next month opens none of the old years, and the parent is analysed.');
};

const nothingLeft: Judge = (evidence) => {
  if (!isParted(evidence)) return notYet(evidence);
  const end = endOf(evidence);
  const references = found(evidence, 'reference').rows.map(([table]) => table);
  const other = references.find((table) => table !== 'supply_deliveries');
  if (other) return fail(end, `The foreign key of complaints refers to ${other}.`);
  if (references.length === 0)
    return fail(
      end,
      'complaints have no foreign key any more: nobody keeps them from being orphans.',
    );
  const reads = value(evidence, 'view');
  return reads === 'supply_deliveries'
    ? pass('Complaints refer to the new table, and the view reads it.')
    : fail(end, `heavy_deliveries reads ${reads ?? 'no table'}.`);
};

export const judges = {
  'no-row-lost': noRowLost,
  ids,
  'no-stall': noStall,
  plans,
  'nothing-left': nothingLeft,
};
