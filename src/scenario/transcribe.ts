import { parseScenario } from './parse.ts';
import { runScenario } from './run.ts';
import type { ScenarioTarget } from './target.ts';
import type { TranscriptLine } from './transcript.ts';

/** Runs the text of a scenario to its end and keeps what it prints. */
export async function transcribe(
  source: string,
  target: ScenarioTarget,
): Promise<TranscriptLine[]> {
  const lines: TranscriptLine[] = [];
  await runScenario(parseScenario(source), target, (line) => {
    lines.push(line);
  });
  return lines;
}
