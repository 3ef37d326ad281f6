import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { labs } from '../../../labs/labs.ts';
import { judges } from '../../../labs/survive-one-standby/checks.ts';
import { lab } from '../../../labs/survive-one-standby/lab.ts';
import { pass } from '../../../src/grading/verdict.ts';
import { defineLab, type LabSource } from '../../../src/lab/lab.ts';

const folders = (path: string) =>
  readdirSync(new URL(path, import.meta.url), { withFileTypes: true });

test('every lab is listed, and has a test that proves it', () => {
  const names = folders('../../../labs/').flatMap((one) => (one.isDirectory() ? [one.name] : []));
  expect(labs.map(({ name }) => name).sort()).toEqual(names.sort());
  const proofs = folders('../../labs/').map(({ name }) => name);
  for (const name of names) expect(proofs).toContain(`${name}.test.ts`);
});

describe('a bad lab is refused with its file, the field and the reason', () => {
  const broken = (change: object, checks: typeof judges | object = judges) => {
    const source = { ...lab, ...change } as LabSource;
    return () => defineLab(source, checks as typeof judges);
  };

  test.each<[string, object, string]>([
    ['no title', { title: undefined }, 'labs/survive-one-standby/lab.ts: title: '],
    ['an unknown field', { titel: 'x' }, 'lab.ts: the whole: Unrecognized key: "titel"'],
    ['too few seeds', { seeds: [1, 2] }, 'seeds: a lab is graded on at least 5 seeds'],
    [
      'a concept that is none',
      {
        checks: [{ id: 'nothing-lost', claim: 'x', concepts: ['durability'] }],
      },
      'checks.0.concepts.0: ',
    ],
    [
      'a client whose rows have no key',
      {
        start: {
          ...lab.start,
          clients: [{ ...lab.start.clients[0], sql: 'insert into payments values (1)' }],
        },
      },
      'start.clients.0.sql: has no {key}',
    ],
    [
      'an unknown node',
      {
        solutions: [
          { name: 'x', why: 'y', actions: [{ at: 1, action: { kind: 'kill', node: 'standby9' } }] },
        ],
      },
      'solutions.0.actions.0.action.node: there is no node "standby9"; the nodes are primary, standby1, standby2, standby3',
    ],
    [
      'actions out of order',
      {
        solutions: [
          {
            name: 'x',
            why: 'y',
            actions: [2, 1].map((at) => ({ at, action: { kind: 'kill', node: 'primary' } })),
          },
        ],
      },
      'solutions.0.actions.1.at: comes before the action above it',
    ],
    [
      'a trap that no check catches',
      {
        traps: [{ ...lab.traps[0], caughtBy: 'luck' }],
      },
      'traps.0.caughtBy: there is no check "luck"',
    ],
    [
      'a range the wrong way round',
      {
        start: { ...lab.start, clients: [{ ...lab.start.clients[0], think: [2, 1] }] },
      },
      'start.clients.0.think: the first must not be above the second',
    ],
  ])('%s', (_, change, words) => {
    expect(broken(change)).toThrow(words);
  });

  test('a check that nobody judges, and a function without a check', () => {
    expect(broken({}, { 'nothing-lost': () => pass('') })).toThrow(
      'labs/survive-one-standby/checks.ts: no function judges the check "payments-go-on"',
    );
    expect(broken({}, { ...judges, more: () => pass('') })).toThrow(
      'checks.ts: "more" judges no check of lab.ts',
    );
  });
});
