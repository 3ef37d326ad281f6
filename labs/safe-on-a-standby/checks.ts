import type { StatementView } from '../../src/cluster/cluster-view.ts';
import type { Evidence } from '../../src/grading/evidence.ts';
import { fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { type Sort, type Sorted, statements } from './statements.ts';

/** What the drill was told when it ran a statement, last of all. */
const told = ({ statements: sent }: Evidence, session: string): StatementView | null =>
  sent.findLast((one) => one.session === session) ?? null;

const firstValue = (view: StatementView | null): string | null =>
  view?.results.at(-1)?.rows[0]?.[0] ?? null;

/** How a statement came out on the standby, by what PostgreSQL said on both servers; null where it was not answered. */
function outcomeOf(evidence: Evidence, { id }: Sorted): Sort | null {
  const view = told(evidence, `try ${id}`);
  if (!view || view.answeredAt === null || view.state === 'lost') return null;
  if (view.state === 'error') return 'refused';
  const here = firstValue(view);
  if (id === 'last-value')
    return here === firstValue(told(evidence, 'what was handed out')) ? 'works' : 'wrong';
  if (id === 'advisory-lock')
    return here === 't' && firstValue(told(evidence, 'nightly job')) === 't' ? 'wrong' : 'works';
  if (id === 'replay-time')
    return firstValue(told(evidence, 'what is missing')) === '0' && !here?.startsWith('00:00:00')
      ? 'wrong'
      : 'works';
  return 'works';
}

const choiceOf = ({ answers }: Evidence, { id }: Sorted): string | null =>
  answers.findLast((one) => one.id === id)?.text ?? null;

const WORDS: Readonly<Record<Sort, string>> = {
  works: 'works',
  refused: 'is refused',
  wrong: 'works, but the answer is wrong',
};

/** Judges those statements that one of the two, she or PostgreSQL, sorted under what is asked. */
const sortsRight =
  (concerns: (is: Sort, said: string | null) => boolean, praise: string): Judge =>
  (evidence) => {
    for (const one of statements) {
      const is = outcomeOf(evidence, one);
      if (is === null)
        return inconclusive(evidence.drilledAt, `standby1 did not answer: ${one.sql}`);
      const said = choiceOf(evidence, one);
      if (said === is || !concerns(is, said)) continue;
      return fail(evidence.drilledAt, complaint(evidence, one, is, said));
    }
    return pass(praise);
  };

function complaint(evidence: Evidence, one: Sorted, is: Sort, said: string | null): string {
  const view = told(evidence, `try ${one.id}`);
  const answer = view?.error
    ? `PostgreSQL said: ${view.error.severity}: ${view.error.message} (${view.error.sqlstate}).`
    : `PostgreSQL answered ${firstValue(view) ?? 'with no row'}.`;
  const yours = said === null ? 'You have not sorted' : `You said: ${WORDS[said as Sort]}.`;
  return said === null
    ? `${yours} this one: ${one.sql}`
    : `${one.sql} – ${yours} It ${WORDS[is]}: ${one.why}. ${answer}`;
}

const ran: Judge = ({ deeds, drilledAt }) => {
  const sent = deeds.flatMap(({ action }) =>
    action.kind === 'sql' && action.node === 'standby1' ? [plain(action.sql)] : [],
  );
  const missing = statements.find(({ sql }) => !sent.includes(plain(sql)));
  return missing
    ? fail(drilledAt, `This one was not run on standby1: ${missing.sql}`)
    : pass('Each was run on standby1.');
};

/** Spaces, capitals and the last semicolon do not make another statement. */
const plain = (sql: string): string =>
  sql.trim().replace(/;$/, '').replace(/\s+/g, ' ').trim().toLowerCase();

export const judges = {
  refusals: sortsRight(
    (is, said) => is === 'refused' || said === 'refused' || said === null,
    'All that PostgreSQL refuses is sorted so, and nothing else.',
  ),
  answers: sortsRight(
    (is, said) => is !== 'refused' && said !== 'refused',
    'Wrong answers are told from right ones.',
  ),
  ran,
};
