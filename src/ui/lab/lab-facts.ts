import type { Question } from '../../lab/answers.ts';
import type { LabOnSeed } from '../../session/run-spec.ts';
import type { Instant } from '../../sim/instant.ts';
import type { TerminalOf } from '../Bench.tsx';

/** What a page shows of a lab: all but its hints and solutions, which are fetched when they are asked for. */
export interface LabFacts {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly tasks: readonly string[];
  /** What of the learner's work is done again on every seed. */
  readonly replays: 'everything' | 'answers';
  /** The first is the learner's own. */
  readonly seeds: readonly number[];
  readonly takenOverAt: Instant;
  /** With the servers that each may speak to, the first it will. */
  readonly clients: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  /** Guests of its app, by their sessions; none where it has no app. */
  readonly guests: readonly string[];
  readonly questions: readonly Question[];
  /** What the pager will say, and when; the learner sees a page when it has come. */
  readonly pages: readonly { readonly at: Instant; readonly text: string }[];
  readonly checks: readonly { readonly id: string; readonly claim: string }[];
  readonly hints: number;
  readonly terminals: readonly TerminalOf[];
}

/** The learner's own run of a lab. */
export const ownSpec = ({ name, version, seeds }: LabFacts): LabOnSeed => ({
  lab: name,
  version,
  seed: seeds[0] as number,
});

/** Under this name the learner's run is kept on the device. */
export const labFigure = (name: string): string => `lab-${name}`;
