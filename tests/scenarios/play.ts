import { fileURLToPath } from 'node:url';
import { ScenarioLibrary } from '../../src/scenario/library.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { runScenario } from '../../src/scenario/run.ts';
import type { ScenarioTarget } from '../../src/scenario/target.ts';
import type { TranscriptLine } from '../../src/scenario/transcript.ts';

/** The scenarios beside this file, with their records. */
export const library = new ScenarioLibrary(fileURLToPath(new URL('.', import.meta.url)));

/** Runs a scenario and keeps its transcript. */
export async function transcript(
  source: string,
  target: ScenarioTarget,
): Promise<TranscriptLine[]> {
  const lines: TranscriptLine[] = [];
  await runScenario(parseScenario(source), target, (line) => lines.push(line));
  return lines;
}
