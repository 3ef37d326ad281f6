import { describe, expect, test } from 'vitest';
import { compareTranscripts } from '../../../src/scenario/compare.ts';
import { maskLine, maskText } from '../../../src/scenario/mask.ts';
import { formatRecord, parseRecord } from '../../../src/scenario/record.ts';
import type { TranscriptLine } from '../../../src/scenario/transcript.ts';

const head = { line: 3, node: 'primary', session: 'main', at: 1 };
const done = (step: number, rest: Partial<TranscriptLine> = {}): TranscriptLine => ({
  ...head,
  step,
  state: 'done',
  results: [],
  notices: [],
  ...rest,
});

describe('masking', () => {
  test.each([
    ['0/1A2B3C', 'LSN'],
    ['from 0/8000028 to 1F/0', 'from LSN to LSN'],
    ['2026-11-22 06:07:38.123456+00', 'TIME'],
    ['2026-11-22 06:07:38', 'TIME'],
    ['00:00:01.5', 'INTERVAL'],
    ['-1 days -00:00:00.1', 'INTERVAL'],
    ['3 days 02:00:00', 'INTERVAL'],
    ['2026-11-22', '2026-11-22'],
    ['1/2 of 3', 'LSN of 3'],
    ['and/or 12:30', 'and/or 12:30'],
    ['42', '42'],
  ])('%s becomes %s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  test('process ids by the name of their column', () => {
    const { results } = maskLine(
      done(1, {
        results: [
          {
            command: 'SELECT 1',
            columns: ['pid', 'leader_pid', 'pg_blocking_pids', 'rapid', 'id'],
            rows: [['12', null, '{12,13}', '14', '15']],
          },
        ],
      }),
    );
    expect(results?.[0]?.rows).toEqual([['PID', null, '{PID,PID}', '14', '15']]);
  });

  test('process and transaction ids in the words of a message', () => {
    const masked = maskLine(
      done(1, {
        state: 'error',
        error: {
          severity: 'ERROR',
          sqlstate: '40P01',
          message: 'deadlock detected',
          detail:
            'Process 12 waits for ShareLock on transaction 756; blocked by process 13.\nKey (id)=(5).\nProcess 7 waits for ShareLock on relation 16384 of database 5; blocked by process 8.',
          hint: null,
        },
      }),
    );
    expect(masked.error?.detail).toBe(
      'Process PID waits for ShareLock on transaction XID; blocked by process PID.\nKey (id)=(5).\nProcess PID waits for ShareLock on relation OID of database 5; blocked by process PID.',
    );
  });
});

describe('comparing', () => {
  test('times do not count', () => {
    expect(compareTranscripts([done(1, { at: 1 })], [done(1, { at: 900 })])).toEqual([]);
  });

  test('a different state is one difference', () => {
    const other = { ...head, step: 2, state: 'blocked' } as const;
    const differences = compareTranscripts([done(1), done(2)], [done(1), other]);
    expect(
      differences.map(({ step, expected, actual }) => [step, expected === null, actual === null]),
    ).toEqual([
      [2, false, true],
      [2, true, false],
    ]);
  });

  test('a line that is missing', () => {
    expect(compareTranscripts([done(1), done(2)], [done(1)])).toMatchObject([
      { step: 2, actual: null },
    ]);
  });

  test('lines that one step brings about may come in either order', () => {
    const freed = done(1, { finishedDuring: 3 });
    expect(compareTranscripts([freed, done(3)], [done(3), freed])).toEqual([]);
  });

  test('the step during which another finished counts', () => {
    const one = [done(1, { finishedDuring: 3 }), done(3), done(4)];
    const other = [done(3), done(1, { finishedDuring: 4 }), done(4)];
    expect(compareTranscripts(one, other)).toMatchObject([{ step: 1 }]);
  });
});

test('a record is read as it was written', () => {
  const record = {
    head: {
      format: 1,
      server: 'PostgreSQL 18.4',
      platform: 'linux-x64',
      date: '2026-11-22',
      scenario: '0123456789abcdef',
    },
    lines: [done(1), done(2)],
  } as const;
  expect(parseRecord(formatRecord(record))).toEqual(record);
});
