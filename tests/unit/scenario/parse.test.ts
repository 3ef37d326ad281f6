import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../src/scenario/parse.ts';

/** Reads steps below a cluster of two; the first is on line 3. */
const steps = (...lines: string[]) =>
  parseScenario(['cluster primary standby1', '---', ...lines].join('\n')).steps;

describe('the cluster', () => {
  test('nodes and settings, with or without quotes', () => {
    const { cluster } = parseScenario(
      [
        '# a comment',
        'cluster primary standby-1',
        '',
        'config primary synchronous_standby_names = \'FIRST 1 ("standby-1")\'',
        'config standby-1 Hot_Standby_Feedback=on',
        "config primary my.note = 'it''s'",
        '---',
      ].join('\r\n'),
    );
    expect(cluster.nodes).toEqual(['primary', 'standby-1']);
    expect(cluster.config.map(({ name, value, line }) => [name, value, line])).toEqual([
      ['synchronous_standby_names', 'FIRST 1 ("standby-1")', 4],
      ['hot_standby_feedback', 'on', 5],
      ['my.note', "it's", 6],
    ]);
  });

  test.each([
    ['', 'line 1: no line "---"'],
    ['---', 'line 1: no "cluster" line'],
    ['cluster\n---', 'line 1: a cluster needs at least one node'],
    ['cluster a a\n---', 'line 1: node "a" is named twice'],
    ['cluster 1st\n---', 'line 1: "1st" cannot be a node\'s name'],
    ['cluster a\ncluster b\n---', 'line 2: a second "cluster" line'],
    ['cluster a\nconfig b x = 1\n---', 'line 2: unknown node "b"; the cluster has a'],
    ['cluster a\nconfig a x\n---', 'line 2: write a setting as: config NODE name = value'],
    ['cluster a\nconfig a x =\n---', 'line 2: the setting has no value'],
    ["cluster a\nconfig a x = 'y\n---", "line 2: the value 'y is not one quoted string"],
    ['cluster a\na: select 1\n---', 'line 2: expected "cluster", "config" or "---" here'],
    ['cluster a\n---\n  a: select 1', 'line 3: this line begins with white space'],
    [' cluster a\n---', 'line 1: this line begins with white space'],
    ['cluster a\n---\na: select \0', 'line 3: a NUL character'],
  ])('%j is refused: %s', (source, message) => {
    expect(() => parseScenario(source)).toThrow(message);
  });
});

describe('steps of SQL', () => {
  test('numbers count steps, lines count lines', () => {
    expect(steps('primary: select 1', '', '# why', '@settle', 'standby1 a: select 2')).toEqual([
      { number: 1, line: 3, kind: 'sql', node: 'primary', session: 'main', sql: 'select 1' },
      { number: 2, line: 6, kind: 'act', action: { kind: 'settle' } },
      { number: 3, line: 7, kind: 'sql', node: 'standby1', session: 'a', sql: 'select 2' },
    ]);
  });

  test('a line that begins with white space continues the one before', () => {
    const [step] = steps('primary:', '  select 1,', '# between', '\t 2');
    expect(step).toMatchObject({ line: 3, sql: 'select 1,\n\t 2' });
  });

  test('colons and @ in SQL are left alone', () => {
    expect(steps("primary a : select '@x: y'::text")[0]).toMatchObject({
      session: 'a',
      sql: "select '@x: y'::text",
    });
  });

  test.each([
    ['nobody: select 1', 'line 3: unknown node "nobody"; the cluster has primary, standby1'],
    ['primary: ', 'line 3: no SQL after "primary:"'],
    ['primary a b: select 1', 'line 3: not a step'],
    ['select 1', 'line 3: not a step'],
    ['primary 1a: select 1', 'line 3: "1a" cannot be a session\'s name'],
    ['---', 'line 3: not a step'],
  ])('%j is refused: %s', (line, message) => {
    expect(() => steps(line)).toThrow(message);
  });
});

describe('@ steps', () => {
  test.each([
    ['@wait 250us', { kind: 'wait', ms: 0.25 }],
    ['@wait 1.5s', { kind: 'wait', ms: 1500 }],
    ['@wait 2min', { kind: 'wait', ms: 120_000 }],
  ])('%s', (line, expected) => {
    expect(steps(line)[0]).toMatchObject(expected);
  });

  test.each([
    ['@settle', { kind: 'settle' }],
    ['@freeze standby1 walreceiver', { kind: 'freeze', node: 'standby1', process: 'walreceiver' }],
    ['@thaw standby1 startup', { kind: 'thaw', node: 'standby1', process: 'startup' }],
    ['@delay primary standby1 40ms', { kind: 'delay', node: 'primary', peer: 'standby1', ms: 40 }],
    ['@cut primary standby1', { kind: 'cut', node: 'primary', peer: 'standby1' }],
    ['@heal  standby1\tprimary', { kind: 'heal', node: 'standby1', peer: 'primary' }],
    ['@kill primary', { kind: 'kill', node: 'primary' }],
    ['@power-off primary', { kind: 'power-off', node: 'primary' }],
    ['@start primary', { kind: 'start', node: 'primary' }],
    ['@promote standby1', { kind: 'promote', node: 'standby1' }],
    ['@follow primary standby1', { kind: 'follow', node: 'primary', upstream: 'standby1' }],
    ['@rewind primary standby1', { kind: 'rewind', node: 'primary', upstream: 'standby1' }],
    ['@basebackup primary standby1', { kind: 'basebackup', node: 'primary', upstream: 'standby1' }],
    ['@cancel primary main', { kind: 'cancel', node: 'primary', session: 'main' }],
    ['@terminate primary a', { kind: 'terminate', node: 'primary', session: 'a' }],
  ])('%s', (line, action) => {
    expect(steps(line)[0]).toMatchObject({ kind: 'act', action });
  });

  test.each([
    ['@jump', 'line 3: unknown step "@jump"; there is @wait, @settle'],
    ['@wait', 'line 3: "@wait" takes 1 words, not 0; write it as: @wait 2s'],
    ['@wait soon', 'line 3: "soon" is no duration'],
    ['@wait -1s', 'line 3: "-1s" is no duration'],
    ['@settle now', 'line 3: "@settle" takes nothing, not 1; write it as: @settle'],
    ['@kill nobody', 'line 3: unknown node "nobody"'],
    ['@freeze standby1 walwriter', 'line 3: "walwriter" is no process that can be frozen'],
    ['@cut primary primary', 'line 3: "@cut" needs two different nodes'],
    ['@cut primary nobody', 'line 3: unknown node "nobody"'],
    ['@delay primary standby1 fast', 'line 3: "fast" is no duration'],
    ['@cancel primary', 'line 3: "@cancel" takes 2 words, not 1'],
    ['@constructor', 'line 3: unknown step "@constructor"'],
  ])('%j is refused: %s', (line, message) => {
    expect(() => steps(line)).toThrow(message);
  });
});
