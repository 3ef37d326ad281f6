import { z } from 'zod';

/**
 * A router without code: rows from top to bottom, the first one whose condition holds decides. It is compiled to the same
 * TypeScript function that others write by hand, so that both are run, limited and graded alike.
 */

const milliseconds = z.number().min(1).max(60_000);

const condition = z.discriminatedUnion('if', [
  z.strictObject({ if: z.literal('always') }),
  z.strictObject({ if: z.literal('wrote within'), ms: milliseconds }),
  z.strictObject({ if: z.literal('waited less than'), ms: milliseconds }),
  /** Some standby is known to have replayed it; `do` may name that standby. */
  z.strictObject({ if: z.literal('a standby has replayed her write') }),
  z.strictObject({ if: z.literal('a standby has replayed all she has seen') }),
  z.strictObject({ if: z.literal('a standby has replayed both') }),
  /** The same of one standby: the one that she always goes to. */
  z.strictObject({ if: z.literal('her own standby has replayed both') }),
]);

const decision = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('primary') }),
  /** Any of them in turn. */
  z.strictObject({ do: z.literal('any standby') }),
  /** By her number, always the same. */
  z.strictObject({ do: z.literal('her own standby') }),
  z.strictObject({ do: z.literal('that standby') }),
  z.strictObject({ do: z.literal('wait'), waitMs: milliseconds }),
]);

const row = z.intersection(condition, decision);
export type TableRow = z.output<typeof row>;
export type TableCondition = z.output<typeof condition>;
export type TableDecision = z.output<typeof decision>;

const table = z.array(row).min(1).max(12);

/** Whether an answer is a table, and no code. */
export const isTable = (text: string): boolean => text.trimStart().startsWith('[');

/** Why a text is no decision table, in words; null where it is one. */
export function whyNoTable(text: string): string | null {
  try {
    readTable(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** @throws {RangeError} where the text is no decision table. */
export function readTable(text: string): readonly TableRow[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RangeError('the table is damaged: it is not JSON');
  }
  const parsed = table.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new RangeError(`row ${Number(issue?.path[0] ?? 0) + 1}: ${issue?.message}`);
  }
  const rows = parsed.data;
  rows.forEach((one, i) => {
    if (one.do === 'that standby' && !names(one))
      throw new RangeError(`row ${i + 1}: “that standby” needs a condition that finds one`);
  });
  return rows;
}

const names = ({ if: condition }: TableCondition) => condition.startsWith('a standby');

/** The function that a table stands for, as text: a learner may go on from there. */
export function tableAsCode(rows: readonly TableRow[]): string {
  return [
    'let turn = 0;',
    '',
    "const lsn = (text: string) => text.split('/').reduce((high, part) => high * 2 ** 32 + parseInt(part, 16), 0);",
    'const has = (node: RouterNode, position: string | null) =>',
    '  position === null || (node.replayed !== null && lsn(node.replayed) >= lsn(position));',
    '',
    'export function route(guest: Guest, nodes: RouterNode[]): string | { waitMs: number } {',
    '  const standbys = nodes.filter((node) => !node.primary);',
    '  const own = standbys[guest.number % standbys.length];',
    '  const first = (test: (node: RouterNode) => boolean) =>',
    '    standbys.find((node) => node.name === guest.lastNode && test(node)) ?? standbys.find(test);',
    '  let that: RouterNode | undefined;',
    ...rows.map((one) => `  if (${conditionCode(one)}) return ${decisionCode(one)};`),
    "  return 'primary';",
    '}',
    '',
  ].join('\n');
}

function conditionCode(one: TableCondition): string {
  switch (one.if) {
    case 'always':
      return 'true';
    case 'wrote within':
      return `guest.wroteMsAgo !== null && guest.wroteMsAgo < ${one.ms}`;
    case 'waited less than':
      return `guest.waitedMs < ${one.ms}`;
    case 'a standby has replayed her write':
      return '(that = first((node) => has(node, guest.wrote)))';
    case 'a standby has replayed all she has seen':
      return '(that = first((node) => has(node, guest.saw)))';
    case 'a standby has replayed both':
      return '(that = first((node) => has(node, guest.wrote) && has(node, guest.saw)))';
    case 'her own standby has replayed both':
      return 'has(own, guest.wrote) && has(own, guest.saw)';
  }
}

function decisionCode(one: TableDecision): string {
  switch (one.do) {
    case 'primary':
      return "'primary'";
    case 'any standby':
      return 'standbys[turn++ % standbys.length].name';
    case 'her own standby':
      return 'own.name';
    case 'that standby':
      return 'that.name';
    case 'wait':
      return `{ waitMs: ${one.waitMs} }`;
  }
}
