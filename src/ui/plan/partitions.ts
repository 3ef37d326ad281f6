import { nodesOf, type PlanNode } from './plan.ts';

/** What a plan does with one partition. `absent`: it is not in the plan. */
export type Fate = 'read' | 'would be read' | 'never executed' | 'absent';

export interface PartitionFate {
  readonly name: string;
  readonly fate: Fate;
}

/** A partitioned table that the plan reads, and all its partitions. */
export interface TableFate {
  readonly table: string;
  readonly partitions: readonly PartitionFate[];
}

/** Every partition that holds rows and its outermost table, in the order of their bounds as far as names tell it. */
export const PARTITIONS_SQL = `select pg_catalog.pg_partition_root(c.oid)::regclass::text, c.relname
from pg_catalog.pg_class c where c.relispartition and c.relkind in ('r', 'f') order by 1, c.relname`;

/** What the plan does with the partitions of every table of which it reads one at least. */
export function fatesOf(
  root: PlanNode,
  partitions: readonly (readonly [table: string, name: string])[],
): readonly TableFate[] {
  const fates = new Map<string, Fate>();
  for (const { relation, state } of nodesOf(root)) {
    if (relation === null) continue;
    const fate = state === 'ran' ? 'read' : state === 'planned' ? 'would be read' : state;
    const known = fates.get(relation);
    if (known === undefined || known === 'never executed') fates.set(relation, fate);
  }
  const tables = new Map<string, PartitionFate[]>();
  for (const [table, name] of partitions) {
    const list = tables.get(table) ?? [];
    list.push({ name, fate: fates.get(name) ?? 'absent' });
    tables.set(table, list);
  }
  return [...tables]
    .map(([table, list]) => ({ table, partitions: list }))
    .filter((one) => one.partitions.some(({ fate }) => fate !== 'absent'));
}

/** Partitions that the executor took out when it began, in the whole plan. */
export function removedIn(root: PlanNode): number {
  let sum = 0;
  for (const { subplansRemoved } of nodesOf(root)) sum += subplansRemoved;
  return sum;
}

const count = (n: number, one: string, more: string): string => `${n} ${n === 1 ? one : more}`;

/** What becomes of a table's partitions, in a sentence or two. `removed`: subplans that the executor took out. */
export function fateInWords({ table, partitions }: TableFate, removed: number): string {
  const named = (fate: Fate) =>
    partitions.filter((one) => one.fate === fate).map(({ name }) => name);
  const parts = [
    [named('read'), 'is read', 'are read'],
    [named('would be read'), 'would be read', 'would be read'],
    [
      named('never executed'),
      'is in the plan and was never executed',
      'are in the plan and were never executed',
    ],
  ] as const;
  const told = parts.flatMap(([names, one, more]) =>
    names.length === 0 ? [] : [`${names.join(', ')} ${names.length === 1 ? one : more}`],
  );
  const absent = named('absent');
  if (absent.length > 0) {
    const early = absent.length - removed;
    const how =
      removed === 0
        ? 'left out when the query was planned'
        : early > 0
          ? `${removed} removed when execution began, ${early} left out when the query was planned`
          : 'removed when execution began';
    told.push(`${absent.join(', ')} ${absent.length === 1 ? 'is' : 'are'} not in the plan: ${how}`);
  }
  return `${table} has ${count(partitions.length, 'partition', 'partitions')}. ${told.join('; ')}.`;
}
