import { expect, it } from 'vitest';
import { LOCK_MODES, modesConflict } from '../../../src/postgres/lock-modes.ts';

it('has the conflicts of PostgreSQL’s documentation (table 13.2)', () => {
  const table = LOCK_MODES.map((one) =>
    LOCK_MODES.map((other) => (modesConflict(one, other) ? 'X' : '.')).join(''),
  );
  expect(table).toEqual([
    '.......X',
    '......XX',
    '....XXXX',
    '...XXXXX',
    '..XX.XXX',
    '..XXXXXX',
    '.XXXXXXX',
    'XXXXXXXX',
  ]);
  expect(modesConflict('no mode', 'ShareLock')).toBe(false);
});
