import type { Evidence } from '../../src/grading/evidence.ts';
import { fail, inconclusive, type Judge, type Judgement, pass } from '../../src/grading/verdict.ts';
import {
  type ColumnId,
  cellId,
  columns,
  configurations,
  type RequirementId,
  requirements,
  wordsOf,
} from './matrix.ts';
import { type Found, measured, type Row } from './measured.ts';

const answerTo = ({ answers }: Evidence, id: string): string =>
  answers.findLast((one) => one.id === id)?.text ?? '';

/** What a learner who is wrong about a cell most likely believes. */
const BELIEFS: Readonly<Record<ColumnId, (configuration: string, holds: boolean) => string>> = {
  frozen: (configuration, holds) =>
    holds && (configuration === 'write' || configuration === 'apply')
      ? 'The level says what a standby must have done. How many of them must have done it is said by the names, and one of two still answers.'
      : holds
        ? 'Nobody waits for more answers than there are left.'
        : 'All three must answer, and one does not.',
  cut: (configuration, holds) =>
    holds
      ? 'Everyone whose answer is needed is on the primary’s side of the cut.'
      : configuration === 'quorum'
        ? 'Two of three outlive one standby’s trouble. Here two are out of reach.'
        : 'All three must answer, and two are out of reach.',
  kept: (configuration, holds) =>
    holds
      ? 'What stood still acknowledged nothing that could be lost.'
      : configuration === 'apply'
        ? 'One of two had replayed it, and that one burned too: replay on one standby is one copy.'
        : configuration === 'write'
          ? 'One of two had written it, and that one burned too.'
          : 'Nobody was asked.',
  register: () =>
    'One primary, so no split brain; but guests do not only ask the primary. In CAP, C means that all of them together see one register.',
};

function column(id: ColumnId): Judge {
  return (evidence): Judgement => {
    const { yes, no } = columns.find((one) => one.id === id) as (typeof columns)[number];
    const open: string[] = [];
    for (const configuration of configurations) {
      const found = measured(evidence, configuration.id)[id];
      if (!found)
        return inconclusive(
          evidence.drilledAt,
          `The run does not show it for ${wordsOf(configuration)}.`,
        );
      const said = answerTo(evidence, cellId(configuration.id, id));
      if (said === '') open.push(wordsOf(configuration));
      else if ((said === 'yes') !== found.holds)
        return fail(
          found.at,
          `${wordsOf(configuration)}: you say “${said === 'yes' ? yes : no}”. ${found.words} ${BELIEFS[id](configuration.id, found.holds)}`,
        );
    }
    if (open.length > 0) return fail(evidence.drilledAt, `Not answered yet: ${open.join('; ')}.`);
    return pass('Each of the five cells is as it was measured.');
  };
}

/** What speaks against a configuration for a requirement, as measured; null where it will do. */
const AGAINST: Readonly<Record<RequirementId, (row: Row) => Found | null>> = {
  ledger: ({ kept }) => unless(kept, 'One copy is not enough where two servers burn.'),
  till: ({ kept, frozen }) =>
    unless(kept, 'One copy is not enough where two servers burn.') ??
    unless(frozen, 'Safe it is; but it waits for everyone.'),
  clicks: ({ median, cut }) =>
    median !== null && median > 5 && cut
      ? {
          ...cut,
          holds: false,
          words: `Half of all changes took more than ${Math.floor(median)} ms: a round trip is more than a click may wait for.`,
        }
      : unless(cut, 'A click would wait.'),
  boards: ({ fresh }) => unless(fresh, 'Who was not asked may show it later.'),
};

const unless = (found: Found | null, why: string): Found | null =>
  found && !found.holds ? { ...found, words: `${found.words} ${why}` } : null;

const choices: Judge = (evidence) => {
  for (const { id, ask } of requirements) {
    const said = answerTo(evidence, id);
    const configuration = configurations.find((one) => one.id === said);
    const subject = ask.slice(0, ask.indexOf(':'));
    if (!configuration) return fail(evidence.drilledAt, `${subject}: nothing is chosen yet.`);
    const against = AGAINST[id](measured(evidence, said));
    if (against)
      return fail(against.at, `${subject}, with ${wordsOf(configuration)}: ${against.words}`);
  }
  return pass('Each of the four gets what it needs, by what was measured.');
};

const available: Judge = (evidence) => {
  const frozen = column('frozen')(evidence);
  return frozen.outcome === 'pass' ? column('cut')(evidence) : frozen;
};

export const judges = {
  available,
  kept: column('kept'),
  register: column('register'),
  choices,
};
