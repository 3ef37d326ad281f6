import type { Findings } from '../../experiment/findings.ts';
import type { Service } from '../../grading/availability.ts';
import type { RegisterVerdict } from '../../grading/register.ts';
import { clock } from '../../grading/verdict.ts';
import type { Instant } from '../../sim/instant.ts';
import { lengthOfTime } from '../time-words.ts';

/** What a cell of measurements says, whether it is what one hopes for, and where it can be seen. */
export interface Measured {
  readonly text: string;
  readonly good: boolean;
  /** The whole of it, in sentences. */
  readonly words: string;
  readonly at: Instant;
}

/** The clients whose service the matrix shows. */
const TILL = 'till';

const tillOf = ({ phases }: Findings, phase: number): Service | null =>
  phases[phase]?.services.find(({ group }) => group === TILL) ?? null;

/** Half of all changes of the price, while all was well, took so long at most. */
export function commitTime(found: Findings): string {
  const median = tillOf(found, 0)?.median ?? null;
  return median === null ? '–' : lengthOfTime(median);
}

/** How the till fared in a phase. */
export function availability(found: Findings, phase: number): Measured | null {
  const span = found.phases[phase];
  const service = tillOf(found, phase);
  if (!span || !service) return null;
  const { asked, served, longest } = service;
  const stood = longest === null ? '' : ` It stood for up to ${lengthOfTime(longest)}.`;
  return {
    text: `${served} of ${asked} in time`,
    good: served === asked && asked > 0,
    words: `While ${span.name}, from ${clock(span.from)}, the till made ${asked} ${asked === 1 ? 'change' : 'changes'}; ${served} had an answer within 2 s.${stood}`,
    at: span.from,
  };
}

/** What the fire took. */
export function losses({ lost }: Findings): Measured | null {
  if (lost === null) return null;
  const [first] = lost;
  return first
    ? {
        text: `${lost.length} lost`,
        good: false,
        words: `The till was told at ${clock(first.answeredAt)} that ${first.value} is the price. The server that goes on has never heard of it${lost.length > 1 ? `, nor of ${lost.length - 1} more` : ''}.`,
        at: first.answeredAt,
      }
    : {
        text: 'nothing lost',
        good: true,
        words: 'Everything that the till was told is on the server that goes on.',
        at: 0 as Instant,
      };
}

/** Whether one server at a time acknowledged writes. */
export function captains({ broken }: Findings): Measured {
  const split = broken.find(({ invariant }) => invariant === 'one primary');
  return split
    ? { text: 'two', good: false, words: split.words, at: split.at }
    : {
        text: 'one',
        good: true,
        words: 'At no time did two servers acknowledge changes side by side.',
        at: 0 as Instant,
      };
}

/** Whether clients saw one register. */
export function register(verdict: RegisterVerdict, stale: number | null): Measured {
  if (verdict.kind === 'too long')
    return {
      text: 'too long',
      good: false,
      words: 'The history is too long to be checked.',
      at: 0 as Instant,
    };
  if (verdict.kind === 'linearizable')
    return {
      text: 'one register',
      good: true,
      words: `One order explains all ${verdict.checked} operations: to its clients it was one register.`,
      at: 0 as Instant,
    };
  const counted = stale === null || stale === 0 ? '' : `, ${stale} stale`;
  return {
    text: `no${counted}`,
    good: false,
    words: verdict.words,
    at: verdict.operations.at(-1)?.invokedAt ?? (0 as Instant),
  };
}
