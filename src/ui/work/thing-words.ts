import { earlierRun } from '../../session/keep/earlier-run.ts';
import type { Keepsake } from '../../session/keep/keepsake.ts';
import { actionsInWords, clockTime } from '../time-words.ts';
import type { WorkOutline } from './work-outline.ts';

/** As much of a draft as tells it from another. */
const SHOWN = 60;

/** What a kept thing is, for a list. Names of a file are a stranger's text: show them as such. */
export function thingInWords({ kind, of }: Keepsake, outline: WorkOutline): string {
  const [owner = '', ...rest] = of.split('/');
  const titleOf = (figure: string) => outline.figures[figure]?.title ?? figure;
  switch (kind) {
    case 'run':
      return `The run of “${titleOf(of)}”`;
    case 'earlier':
      return `An earlier run of “${titleOf(owner)}”`;
    case 'draft':
      return `A draft: “${titleOf(owner)}”, ${rest.join('/')}`;
    case 'prediction':
      return `The prediction ${of}`;
    case 'quiz':
      return `Answers to the question ${of}`;
    case 'placement':
      return 'Answers to “Where to begin”';
    case 'hints':
      return `Hints of the lab ${of}`;
    case 'lab':
      return `Checked work of the lab ${of}`;
    case 'reading':
      return `How far the chapter ${of} is read`;
    case 'replaced':
      return 'What an import replaced';
  }
}

/** What is in it, short. */
export function contentsInWords(kept: Keepsake): string {
  switch (kept.kind) {
    case 'run':
      return runInWords(earlierRun(kept.contents, 'import'));
    case 'earlier':
      return runInWords(kept.contents);
    case 'draft':
      return kept.contents.length > SHOWN ? `${kept.contents.slice(0, SHOWN)}…` : kept.contents;
    case 'prediction':
      return `${kept.contents.chosen.join(', ') || 'none of them'} (${kept.contents.sure})`;
    case 'quiz':
      return counted(kept.contents.length, 'answer');
    case 'placement':
      return counted(Object.keys(kept.contents).length, 'answer');
    case 'hints':
      return `${kept.contents} opened`;
    case 'lab':
      return counted(kept.contents.attempts, 'attempt');
    case 'reading':
      return counted(kept.contents.seen.length, 'section');
    case 'replaced':
      return counted(kept.contents.before.length, 'thing');
  }
}

export const counted = (count: number, thing: string): string =>
  `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;

const runInWords = ({ actions, until }: Pick<ReturnType<typeof earlierRun>, 'actions' | 'until'>) =>
  `${actionsInWords(actions)}, ${clockTime(until)}`;
