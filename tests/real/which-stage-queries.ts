import { readFileSync } from 'node:fs';
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

export const recordFile: string = fileURLToPath(new URL('which-stage.real.json', import.meta.url));

export const readRecord = (): StageRecord =>
  JSON.parse(readFileSync(recordFile, 'utf8')) as StageRecord;
