import { peek } from '../../session/keep/earlier-run.ts';
import type { Keepsake, Kind } from '../../session/keep/keepsake.ts';
import { passes } from '../../session/lab-progress.ts';
import { actionsInWords } from '../time-words.ts';
import type { ChapterWork, LabWork } from './work-outline.ts';

/** Everything that a device keeps, to be asked by kind and place. */
export class Kept {
  readonly all: readonly Keepsake[];

  constructor(all: readonly Keepsake[]) {
    this.all = all;
  }

  get<K extends Kind>(kind: K, of: string): Keepsake<K> | null {
    const found = this.all.find((kept) => kept.kind === kind && kept.of === of);
    return (found as Keepsake<K> | undefined) ?? null;
  }

  of<K extends Kind>(kind: K): readonly Keepsake<K>[] {
    return this.all.filter((kept) => kept.kind === kind) as unknown as readonly Keepsake<K>[];
  }
}

/** What a learner has done in a chapter: what is worth a line, and nothing where nothing is done. */
export function chapterInWords(chapter: ChapterWork, kept: Kept): readonly string[] {
  const words: string[] = [];
  const reading = kept.get('reading', chapter.slug)?.contents;
  if (reading && reading.sections > 0) {
    const seen = Math.min(reading.seen.length, reading.sections);
    words.push(`${seen} of ${reading.sections} sections read`);
  }
  const answers = chapter.questions.flatMap((id) => kept.get('quiz', id)?.contents.at(-1) ?? []);
  if (answers.length > 0) {
    const right = answers.filter((answer) => answer.right).length;
    words.push(
      `${answers.length} of ${chapter.questions.length} questions answered, ${right} right`,
    );
  }
  const predicted = chapter.predictions.filter((id) => kept.get('prediction', id)).length;
  if (predicted > 0) words.push(`${predicted} of ${chapter.predictions.length} predictions made`);
  return [...words, ...chapter.figures.flatMap((figure) => runInWords(kept, figure))];
}

export function labInWords(lab: LabWork, kept: Kept): readonly string[] {
  const words: string[] = [];
  const progress = kept.get('lab', lab.name)?.contents;
  if (progress?.checked) {
    const { verdicts } = progress.checked;
    const passed = verdicts.filter(({ judgement }) => judgement.outcome === 'pass').length;
    words.push(
      passes(progress.checked) ? 'passed' : `${passed} of ${verdicts.length} checks passed`,
    );
  }
  if (progress && progress.attempts > 0)
    words.push(`checked ${progress.attempts} ${progress.attempts === 1 ? 'time' : 'times'}`);
  const hints = kept.get('hints', lab.name)?.contents ?? 0;
  if (hints > 0) words.push(`${hints} of ${lab.hints} hints opened`);
  return [...words, ...runInWords(kept, lab.figure)];
}

function runInWords(kept: Kept, figure: string): readonly string[] {
  const actions = peek(kept.get('run', figure)?.contents ?? '')?.actions.length ?? 0;
  return actions > 0 ? [`a run of ${actionsInWords(actions)}`] : [];
}
