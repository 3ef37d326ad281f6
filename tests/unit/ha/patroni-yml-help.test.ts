import { describe, expect, test } from 'vitest';
import { explanationAt, suggestionsAt } from '../../../src/ha/patroni-yml/help.ts';
import { keyDocs } from '../../../src/ha/patroni-yml/key-docs.ts';
import { patroniYml, type Shape } from '../../../src/ha/patroni-yml/schema.ts';

/** A text with its caret at `|`. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  return [marked.replace('|', ''), offset] as const;
}
const labels = (marked: string) => suggestionsAt(...at(marked)).suggestions.map((one) => one.label);

describe('what may stand at a place', () => {
  test('keys of the mapping that the indentation puts it in', () => {
    const found = labels('bootstrap:\n  dcs:\n    ttl: 30\n    syn|');
    expect(found).toContain('synchronous_mode');
    expect(found).not.toContain('scope');
  });

  test('none that stands there already, above or below', () => {
    const found = labels('bootstrap:\n  dcs:\n    ttl: 30\n    |\n    loop_wait: 10\nwatchdog:\n');
    expect(found).toContain('retry_timeout');
    expect(found).not.toContain('ttl');
    expect(found).not.toContain('loop_wait');
  });

  test('at the edge, those of the whole file', () => {
    expect(labels('scope: cafe\n|')).toContain('watchdog');
  });

  test('words of a choice, and flags', () => {
    expect(labels('watchdog:\n  mode: re|')).toEqual(['off', 'automatic', 'required']);
    expect(labels('bootstrap:\n  dcs:\n    failsafe_mode: |')).toEqual(['true', 'false']);
  });

  test('settings of PostgreSQL', () => {
    const text = 'bootstrap:\n  dcs:\n    postgresql:\n      parameters:\n        syn|';
    expect(labels(text)).toContain('synchronous_standby_names');
  });

  test('nothing in a comment, a list, or under a key that nobody knows', () => {
    expect(labels('# a com|')).toEqual([]);
    expect(labels('bootstrap:\n  initdb:\n    - data|')).toEqual([]);
    expect(labels('colour:\n  re|')).toEqual([]);
  });

  test('from where it was begun, with its colon, but for one that is there', () => {
    const { from, suggestions } = suggestionsAt(...at('watchdog:\n  mo|'));
    expect(from).toBe('watchdog:\n  '.length);
    expect(suggestions.find(({ label }) => label === 'mode')?.insert).toBe('mode: ');
    const renamed = suggestionsAt(...at('watchdog:\n  mo|: off')).suggestions;
    expect(renamed.find(({ label }) => label === 'mode')?.insert).toBe('mode');
  });
});

describe('the line on a key', () => {
  test('by its path: ttl of the dynamic configuration', () => {
    const [text, offset] = at('bootstrap:\n  dcs:\n    t|tl: 30\n');
    const { from, to, words } = explanationAt(text, offset) ?? {};
    expect(text.slice(from, to)).toBe('ttl');
    expect(words).toContain('leader key');
  });

  test('none on a value, and none where a key does not belong', () => {
    expect(explanationAt(...at('bootstrap:\n  dcs:\n    ttl: 3|0\n'))).toBeNull();
    expect(explanationAt(...at('t|tl: 30\n'))).toBeNull();
  });

  test('every known key has one, and there is none for a key that is not known', () => {
    const paths: string[] = [];
    const walk = (shape: Shape, path: readonly string[]): void => {
      if (path.length > 0) paths.push(path.join('.'));
      if (shape.kind !== 'mapping') return;
      for (const [key, below] of Object.entries(shape.keys)) walk(below, [...path, key]);
    };
    walk(patroniYml, []);
    expect(Object.keys(keyDocs).toSorted()).toEqual(paths.toSorted());
  });
});
