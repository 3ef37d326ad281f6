import { expect, test } from 'vitest';
import type { StatementView } from '../../../../src/cluster/cluster-view.ts';
import { after, ms, START } from '../../../../src/sim/instant.ts';
import { spokenAnswer } from '../../../../src/ui/result/spoken-answer.ts';

const answered = (rest: Partial<StatementView>): StatementView => ({
  id: 0,
  node: 'primary',
  session: 'a',
  sql: 'select 1',
  sentAt: START,
  sentIn: 'idle',
  answeredAt: START,
  state: 'done',
  results: [],
  notices: [],
  error: null,
  waitEventType: null,
  waitEvent: null,
  ...rest,
});

const rows = (...values: (string | null)[][]) => ({
  results: [{ command: `SELECT ${values.length}`, columns: ['id', 'what'], rows: values }],
});

test.each<[string, Partial<StatementView>, string]>([
  ['nothing while it runs', { state: 'running' }, ''],
  [
    'the command tag',
    { results: [{ command: 'INSERT 0 1', columns: [], rows: [] }] },
    'INSERT 0 1',
  ],
  [
    'all of a small result',
    rows(['1', 'tea'], ['2', null]),
    '2 rows: id 1, what tea; id 2, what NULL',
  ],
  [
    'the size of a larger one',
    rows(...Array.from({ length: 9 }, () => ['1', 'x'])),
    '9 rows: id, what',
  ],
  ['marks for what has no glyph', rows(['1', '\u001b']), '1 row: id 1, what \\x1B'],
  [
    'an error with its hint',
    {
      state: 'error',
      error: {
        severity: 'ERROR',
        sqlstate: '42703',
        message: 'column "wat" does not exist',
        detail: null,
        hint: 'Perhaps you meant "what".',
        position: 8,
      },
    },
    'ERROR: column "wat" does not exist. Hint: Perhaps you meant "what".',
  ],
  [
    'a lost connection',
    { state: 'lost', answeredAt: after(START, ms(1)) },
    'The connection ended before an answer came. Nobody told this client how it went.',
  ],
  [
    'that nothing was sent where nobody was there',
    { state: 'lost' },
    'Not run: no connection to primary. The next statement tries a new one.',
  ],
])('says %s', (_, rest, words) => {
  expect(spokenAnswer(answered(rest))).toBe(words);
});
