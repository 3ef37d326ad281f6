import type { PlacementAnswers } from '../../course/placement.ts';
import type { Reading } from '../../course/reading.ts';
import type { Instant } from '../../sim/instant.ts';
import type { LabProgress } from '../lab-progress.ts';

/** Version of the envelope. What was kept in another one is left alone and named, never read as if it were this one. */
export const KEEPSAKE_VERSION = 1;

/** One answer to a question: what was chosen, whether it was right by the item as it stood then, and when. */
export interface QuizAnswer {
  readonly at: string;
  readonly chosen: readonly string[];
  readonly right: boolean;
}

/** Of each question the last answers are kept: enough to see what was missed, and how often. */
const ANSWERS_KEPT = 12;

/** What is kept of all answers to a question: the last ones, and the last wrong one, because of which it comes back. */
export function lastOf(answers: readonly QuizAnswer[]): readonly QuizAnswer[] {
  const last = answers.slice(-ANSWERS_KEPT);
  const missed = answers.findLast(({ right }) => !right);
  return !missed || last.includes(missed) ? last : [missed, ...last.slice(1)];
}

export interface Prediction {
  readonly chosen: readonly string[];
  readonly sure: string;
}

/** Why a run is no longer the one that its figure or lab opens with. */
export type PutAside =
  | 'reset'
  | 'import'
  | 'exchange'
  /** It went on from an earlier moment in another way. */
  | 'fork'
  | 'shared run'
  | 'other tab'
  /** This edition of the course cannot replay it. */
  | 'unfit';

/** A run that was put aside; nothing but a person's own wish deletes it. */
export interface EarlierRun {
  /** As `Export run` writes it; of whatever version it was. */
  readonly text: string;
  readonly why: PutAside;
  readonly actions: number;
  readonly until: Instant;
}

/** What an import has replaced, so that it can be brought back. */
export interface Replaced {
  readonly file: string;
  readonly before: readonly Keepsake[];
  /** What the import wrote, and where. By its time it is known whether somebody has gone on from it. */
  readonly took: readonly (Place & { readonly savedAt: string })[];
}

/** What a device keeps, by kind. `of` names the figure, the lab, the question, or the field. */
export interface Contents {
  /** The run that a figure or a lab opens with, as `Export run` writes it. */
  readonly run: string;
  readonly earlier: EarlierRun;
  /** Typed and not yet run. */
  readonly draft: string;
  readonly prediction: Prediction;
  /** The last answers to a question, oldest first. */
  readonly quiz: readonly QuizAnswer[];
  /** What was chosen in the placement quiz, by its questions. */
  readonly placement: PlacementAnswers;
  /** How many hints of a lab were opened: told in what is handed in, and never held against anybody. */
  readonly hints: number;
  /** What a learner has come to in a lab, by the lab's name. */
  readonly lab: LabProgress;
  /** How far she has come in a chapter, by its slug. */
  readonly reading: Reading;
  readonly replaced: Replaced;
}

export type Kind = keyof Contents;

export interface Place<K extends Kind = Kind> {
  readonly kind: K;
  readonly of: string;
}

/** One thing that is kept, in its envelope. */
export type Keepsake<K extends Kind = Kind> = {
  readonly [Each in K]: {
    readonly version: typeof KEEPSAKE_VERSION;
    readonly kind: Each;
    readonly of: string;
    /** The device's own time, in ISO 8601. */
    readonly savedAt: string;
    readonly contents: Contents[Each];
  };
}[K];

export const keyOf = ({ kind, of }: Place): string => `${kind}/${of}`;
