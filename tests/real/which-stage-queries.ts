import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { labs } from '../../labs/labs.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { StageRecord } from './which-stage.ts';

const lab = labs.find(({ name }) => name === 'which-stage') as Lab;

const queryOf = ({ name, actions }: Lab['solutions'][number]): [string, string] => {
  const action = actions[0]?.action;
  if (action?.kind !== 'answer') throw new Error(`"${name}" answers nothing`);
  return [name, action.text];
};

/** The lab's right answers and its traps, by name. */
export const solutions: ReadonlyMap<string, string> = new Map(lab.solutions.map(queryOf));
export const traps: ReadonlyMap<string, string> = new Map(lab.traps.map(queryOf));

const recordFile: string = fileURLToPath(new URL('which-stage.real.jsonl', import.meta.url));

/** A line for the head, and one for each stage. */
export function writeRecord({ said, ...head }: StageRecord): void {
  const stages = Object.entries(said).map(([stage, answers]) => ({ stage, answers }));
  const lines = [head, ...stages].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(recordFile, lines.join(''));
}

export function readRecord(): StageRecord {
  const [head, ...stages] = readFileSync(recordFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const said = Object.fromEntries(stages.map(({ stage, answers }) => [stage, answers]));
  return { ...head, said } as StageRecord;
}
