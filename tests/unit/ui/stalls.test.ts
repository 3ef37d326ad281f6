import { describe, expect, test } from 'vitest';
import { instant } from '../../../src/sim/instant.ts';
import { stallsOf } from '../../../src/ui/load/stalls.ts';
import { statement } from './cluster-shown.ts';

const populations = [
  {
    name: 'dock',
    node: 'primary',
    clients: ['dock1', 'dock2'],
    pace: 1,
    pacedBy: 'anyone' as const,
  },
];
let id = 0;
const ran = (
  session: string,
  sql: string,
  fromMs: number,
  toMs: number | null,
  sentIn: 'idle' | 'transaction' = 'idle',
) =>
  statement({
    id: id++,
    session,
    sql,
    sentIn,
    sentAt: instant(fromMs * 1_000),
    answeredAt: toMs === null ? null : instant(toMs * 1_000),
    state: toMs === null ? 'running' : 'done',
  });

describe('how long clients stood', () => {
  test('behind a statement, of those that were under way while it ran', () => {
    const [stall] = stallsOf(
      populations,
      [
        ran('dock1', 'insert', 0, 3),
        ran('a', 'create index on deliveries (day)', 100, 800),
        ran('dock1', 'insert', 150, 801),
        ran('dock2', 'insert', 790, 803),
        ran('dock1', 'insert', 900, 1_900),
      ],
      2_000_000,
    );
    expect(stall).toMatchObject({ took: 700_000, stood: 1, longest: 651_000, open: false });
  });

  test('a transaction block is one: its locks are held until it ends', () => {
    const stalls = stallsOf(
      populations,
      [
        ran('a', 'begin; lock table deliveries', 100, 101),
        ran('dock1', 'insert', 110, 620),
        ran('a', 'alter table deliveries rename to old', 500, 510, 'transaction'),
        ran('a', 'commit', 615, 618, 'transaction'),
        ran('a', 'select 1', 700, 701),
      ],
      1_000_000,
    );
    expect(stalls.map(({ took, stood, open }) => [took, stood, open])).toEqual([
      [518_000, 1, false],
      [1_000, 0, false],
    ]);
  });

  test('what still runs, and a block that is open, last until now', () => {
    const stalls = stallsOf(
      populations,
      [
        ran('a', 'begin', 100, 101),
        ran('b', 'create index', 200, null),
        ran('dock1', 'insert', 250, null),
      ],
      1_000_000,
    );
    expect(stalls.map(({ took, open, longest }) => [took, open, longest])).toEqual([
      [900_000, true, 750_000],
      [800_000, true, 750_000],
    ]);
  });
});
