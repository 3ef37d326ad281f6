import { readdirSync, readFileSync } from 'node:fs';
import {
  type PatroniRecord,
  parseRecord,
  type RecordLine,
  type SeenRole,
} from '../../src/ha/patroni-record.ts';

/** Names of all schedules that were recorded. */
export const recordedNames: readonly string[] = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => file.slice(0, -'.jsonl'.length));

export const recorded = (name: string): PatroniRecord =>
  parseRecord(readFileSync(new URL(`${name}.jsonl`, import.meta.url), 'utf8'));

/** A stretch of the record, in ms, in which the client found the node in a role. */
export interface Stretch {
  readonly node: string;
  readonly from: number;
  readonly to: number;
}

/** When clients found nodes in this role; what lasts to the end ends with the record. */
export function stretches(lines: readonly RecordLine[], role: SeenRole): Stretch[] {
  const seen = lines.filter((line) => line.kind === 'seen');
  const end = lines.at(-1)?.at ?? 0;
  return seen
    .filter((line) => line.role === role)
    .map(({ node, at }) => {
      const next = seen.find((later) => later.node === node && later.at > at);
      return { node, from: at, to: next?.at ?? end };
    });
}

/** How long clients found more than one node that acknowledges writes, in ms. */
export function twoPrimariesMs(lines: readonly RecordLine[]): number {
  const primaries = stretches(lines, 'primary');
  return primaries
    .flatMap((one, index) =>
      primaries
        .slice(index + 1)
        .filter(({ node }) => node !== one.node)
        .map((other) => Math.min(one.to, other.to) - Math.max(one.from, other.from)),
    )
    .reduce((sum, overlap) => sum + Math.max(0, overlap), 0);
}

/** When the DCS first named another leader than `node`, in ms since the first step; null where it never did. */
export const nextLeaderAt = (
  lines: readonly RecordLine[],
  node: string,
): { readonly leader: string; readonly at: number } | null => {
  const line = lines.find(
    (each) => each.kind === 'dcs' && each.leader !== null && each.leader !== node,
  );
  return line?.kind === 'dcs' && line.leader !== null ? { leader: line.leader, at: line.at } : null;
};

/** What a node's Patroni logged. */
export const said = (lines: readonly RecordLine[], node: string): readonly string[] =>
  lines.flatMap((line) => (line.kind === 'log' && line.node === node ? [line.text] : []));

/** When a step of this kind was done, in ms. */
export const stepAt = (lines: readonly RecordLine[], what: string): number => {
  const line = lines.find((each) => each.kind === 'step' && each.step.do === what);
  if (line === undefined) throw new Error(`no step ${what}`);
  return line.at;
};
