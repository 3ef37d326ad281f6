import { describe, expect, it } from 'vitest';
import { fateInWords, fatesOf, removedIn } from '../../../../src/ui/plan/partitions.ts';
import { nodesOf, type Plan } from '../../../../src/ui/plan/plan.ts';
import { planFromJson } from '../../../../src/ui/plan/plan-json.ts';
import { planFromText } from '../../../../src/ui/plan/plan-text.ts';

const text = (plan: string): Plan => planFromText(plan.trim().split('\n')) as Plan;
const outline = ({ root }: Plan): readonly string[] =>
  [...nodesOf(root)].map(({ label, relation, state }) => `${label} | ${relation} | ${state}`);

const ALL = ['2023', '2024', '2025'].map((year) => ['d', `d_${year}`] as const);

const NESTED = text(`
Nested Loop (actual rows=2.00 loops=1)
  Buffers: shared hit=9 read=2
  ->  Values Scan on "*VALUES*" (actual rows=2.00 loops=1)
  ->  Append (actual rows=1.00 loops=2)
        ->  Index Scan using d_2023_day_idx on d_2023 d_1 (never executed)
              Index Cond: (day = "*VALUES*".column1)
        ->  Index Scan using d_2024_day_idx on public.d_2024 d_2  (cost=0.28..8.29 rows=1 width=12) (actual rows=1.00 loops=2)
              Index Cond: (day = "*VALUES*".column1)
        ->  Index Scan using d_2025_day_idx on d_2025 d_3 (never executed)
Planning Time: 0.100 ms
Execution Time: 0.200 ms`);

describe('a plan from EXPLAIN’s text', () => {
  it('knows its nodes, what they read and whether they ran', () => {
    expect(outline(NESTED)).toEqual([
      'Nested Loop | null | ran',
      'Values Scan on "*VALUES*" | null | ran',
      'Append | null | ran',
      'Index Scan using d_2023_day_idx on d_2023 d_1 | d_2023 | never executed',
      'Index Scan using d_2024_day_idx on public.d_2024 d_2 | d_2024 | ran',
      'Index Scan using d_2025_day_idx on d_2025 d_3 | d_2025 | never executed',
    ]);
    expect(NESTED.root.pages).toBe(11);
    expect(NESTED.root.children[1]?.children[1]?.actual).toEqual({ rows: 1, loops: 2 });
    expect(NESTED.footer).toEqual(['Planning Time: 0.100 ms', 'Execution Time: 0.200 ms']);
  });

  it('tells a partition that was never executed from one that was read', () => {
    const [table] = fatesOf(NESTED.root, ALL);
    expect(table?.partitions.map(({ fate }) => fate)).toEqual([
      'never executed',
      'read',
      'never executed',
    ]);
  });

  it('says which partitions the executor took out', () => {
    const { root } = text(`
Append
  Subplans Removed: 2
  ->  Seq Scan on d_2025 d_1
        Filter: (day >= now())`);
    expect(removedIn(root)).toBe(2);
    const [table] = fatesOf(root, ALL);
    expect(table && fateInWords(table, removedIn(root))).toBe(
      'd has 3 partitions. d_2025 would be read; d_2023, d_2024 are not in the plan: removed when execution began.',
    );
  });

  it('says which partitions the planner left out, and of no table that it does not read', () => {
    const { root } = text('Seq Scan on d_2025 d');
    const fates = fatesOf(root, [...ALL, ['other', 'other_1']]);
    expect(fates).toHaveLength(1);
    expect(fates[0] && fateInWords(fates[0], 0)).toContain(
      'd_2023, d_2024 are not in the plan: left out when the query was planned.',
    );
  });

  it('keeps sub-plans apart by their names', () => {
    const plan = text(`
Append (actual rows=1.00 loops=1)
  InitPlan 2
    ->  Result (actual rows=1.00 loops=1)
          InitPlan 1
            ->  Limit (actual rows=1.00 loops=1)
  ->  Seq Scan on d_2023 d_1 (never executed)`);
    expect(plan.root.children.map(({ label }) => label)).toEqual([
      'InitPlan 2: Result',
      'Seq Scan on d_2023 d_1',
    ]);
  });
});

describe('a plan from EXPLAIN (FORMAT JSON)', () => {
  const plan = planFromJson(
    JSON.stringify([
      {
        Plan: {
          'Node Type': 'Append',
          'Actual Rows': 1,
          'Actual Loops': 1,
          'Shared Hit Blocks': 3,
          'Shared Read Blocks': 1,
          'Subplans Removed': 1,
          Plans: [
            {
              'Node Type': 'Index Scan',
              'Parent Relationship': 'Member',
              'Index Name': 'd_2024_day_idx',
              'Relation Name': 'd_2024',
              Alias: 'd_1',
              'Actual Rows': 0,
              'Actual Loops': 0,
              'Index Cond': '(day = $1)',
            },
          ],
        },
        'Execution Time': 0.2,
      },
    ]),
  );

  it('says the same as text', () => {
    expect(plan && outline(plan)).toEqual([
      'Append | null | ran',
      'Index Scan using d_2024_day_idx on d_2024 d_1 | d_2024 | never executed',
    ]);
    expect(plan && [plan.root.pages, removedIn(plan.root), plan.footer]).toEqual([
      4,
      1,
      ['Execution Time: 0.2 ms'],
    ]);
    expect(plan?.root.children[0]?.details).toEqual(['Index Cond: (day = $1)']);
  });

  it('is null of anything else', () => {
    expect(planFromJson('Seq Scan on t')).toBeNull();
    expect(planFromText(['[', '  {'])).toBeNull();
  });
});
