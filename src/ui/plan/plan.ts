/** One node of a plan, as EXPLAIN says it in text or in JSON. */
export interface PlanNode {
  /** As text says it: `Seq Scan on d_2025 d_1`, with the sub-plan's name before it where it is one. */
  readonly label: string;
  /** The table that it reads, without its schema; null for one that reads none itself. */
  readonly relation: string | null;
  /** `planned`: nobody has run it (EXPLAIN without ANALYZE). */
  readonly state: 'planned' | 'ran' | 'never executed';
  /** Partitions that were taken out when execution began. */
  readonly subplansRemoved: number;
  /** Rows of one loop, and loops; null where it was not run. */
  readonly actual: { readonly rows: number; readonly loops: number } | null;
  /** Pages of shared buffers, those of its children among them; null where EXPLAIN does not say. */
  readonly pages: number | null;
  /** Conditions and whatever else it says. */
  readonly details: readonly string[];
  readonly children: readonly PlanNode[];
}

export interface Plan {
  readonly root: PlanNode;
  /** What stands below the plan: planning and execution time. */
  readonly footer: readonly string[];
}

export function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.children) yield* nodesOf(child);
}

/** A table by its name alone, as pg_class has it. */
export const bareName = (name: string): string =>
  name
    .replace(/^(?:"(?:[^"]|"")*"|[^".]+)\./, '')
    .replace(/^"(.*)"$/, (_, inner: string) => inner.replaceAll('""', '"'));
