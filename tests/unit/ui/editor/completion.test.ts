import { describe, expect, test } from 'vitest';
import { completionsAt } from '../../../../src/ui/editor/completion.ts';
import type { Schema } from '../../../../src/ui/editor/sql-editor.ts';

const cafe: Schema = {
  relations: [
    {
      name: 'payments',
      kind: 'table',
      columns: [
        { name: 'id', type: 'integer' },
        { name: 'What', type: 'text' },
      ],
    },
    { name: 'shop.tills', kind: 'table', columns: [{ name: 'number', type: 'integer' }] },
  ],
  functions: [{ name: 'count', arguments: '"any"' }],
  settings: [{ name: 'synchronous_commit', about: 'Sets the synchronization level.' }],
  keywords: ['from', 'select', 'set'],
};

/** The labels offered at `|`, best first. */
function offered(text: string): string[] {
  const { items } = completionsAt(text.replace('|', ''), text.indexOf('|'), [cafe]);
  return [...items].sort((a, b) => a.rank - b.rank).map(({ label }) => label);
}

describe('at a place in a statement', () => {
  test('relations come first after FROM', () => {
    expect(offered('select * from |')[0]).toBe('payments');
    expect(offered('select 1; insert into pay|')[0]).toBe('payments');
  });

  test('columns of the relations that the statement names come first, wherever they are named', () => {
    expect(offered('select | from payments').slice(0, 2)).toEqual(['id', '"What"']);
    expect(offered('select | from nothing')).not.toContain('id');
    expect(offered('select 1 from payments; select |')).not.toContain('id');
  });

  test('a qualifier has its columns: by name and by alias', () => {
    expect(offered('select payments.| from payments')).toEqual(['id', '"What"']);
    expect(offered('select p.i| from payments as p')).toEqual(['id', '"What"']);
    expect(offered('select P.| from Payments p')).toEqual(['id', '"What"']);
  });

  test('a schema has its relations', () => {
    expect(offered('select * from shop.|')).toEqual(['tills']);
  });

  test.each([
    'set |',
    'show syn|',
    'alter system set |',
    "select current_setting('|",
    'set local |',
  ])('settings stand after %s', (text) => {
    expect(offered(text)[0]).toBe('synchronous_commit');
  });

  test('SET of an UPDATE has columns, not settings', () => {
    expect(offered('update payments set |')).toContain('id');
    expect(offered('update payments set |')).not.toContain('synchronous_commit');
  });

  test.each(["select '|", 'select "|', 'select $$ |', '/* |', '-- |', 'select 1 -- |'])(
    'nothing is offered within %s',
    (text) => {
      expect(offered(text)).toEqual([]);
    },
  );

  test('the word that is replaced begins where it begins', () => {
    expect(completionsAt('select sel', 10, [cafe]).from).toBe(7);
    expect(completionsAt('select p.i', 10, [cafe]).from).toBe(9);
  });

  test('a text of a megabyte has none', () => {
    expect(completionsAt('x '.repeat(500_000), 3, [cafe]).items).toEqual([]);
  });
});
