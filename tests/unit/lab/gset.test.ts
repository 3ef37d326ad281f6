import { describe, expect, it } from 'vitest';
import type { Asked } from '../../../src/cluster/asked.ts';
import { withVariables } from '../../../src/lab/gset.ts';

const first = (columns: readonly string[], row: readonly (string | null)[]): Asked => ({
  results: [{ command: 'SELECT 1', columns, rows: [row] }],
  notices: [],
  error: null,
});

describe("what one answer carries into another, as after psql's \\gset", () => {
  it('is the first row, by the names of its columns', () => {
    const asked = first(['fork', 'rows'], ['0/3000A8', '12']);
    expect(withVariables("select :'fork'::pg_lsn, :'rows'", asked)).toBe(
      "select '0/3000A8'::pg_lsn, '12'",
    );
  });

  it('is a literal, whatever stands in it', () => {
    expect(withVariables("select :'name'", first(['name'], ["O'Hara"]))).toBe("select 'O''Hara'");
  });

  it('leaves alone what has no name there, and casts', () => {
    const asked = first(['fork'], ['0/1']);
    expect(withVariables("select :'other', '1'::int", asked)).toBe("select :'other', '1'::int");
  });

  it('is nothing where no row came', () => {
    const none: Asked = { results: [], notices: [], error: null };
    expect(withVariables("select :'fork'", none)).toBe("select :'fork'");
  });
});
