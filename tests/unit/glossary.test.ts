import { expect, it } from 'vitest';
import { glossary } from '../../content/glossary.ts';

it('gives every word an address of its own', () => {
  const ids = glossary.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z][a-z0-9-]*$/.test(id))).toEqual([]);
  expect(new Set(glossary.map(({ term }) => term)).size).toBe(ids.length);
});
