import { describe, expect, test } from 'vitest';
import { labs } from '../../labs/labs.ts';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { gradeOn, hashesOf } from '../../src/lab/grade.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { LabRun, takeOver } from '../../src/lab/lab-run.ts';
import { after, seconds } from '../../src/sim/instant.ts';

const lab = labs.find(({ name }) => name === 'which-stage') as Lab;
const seed = lab.seeds[0] as number;
const workOf = (text: string) => ({
  actions: [{ at: takeOver(lab), action: { kind: 'answer', id: 'stage', text } as const }],
  until: takeOver(lab),
});
const fromView = (columns: string) => `select ${columns} from pg_stat_replication`;

describe('a query that a watcher asks', () => {
  test.each([
    ['does not parse', 'selec 1', 'fails: ERROR 42601: syntax error at or near "selec".'],
    ['names no column', fromView('lag, 1'), 'fails: ERROR 42703: column "lag" does not exist.'],
    [
      'has one column',
      fromView('application_name'),
      'returns 1 column (application_name). The task asks for 2 columns (standby, stage).',
    ],
    ['is no query', 'set work_mem = 64', 'returns 0 columns. The task asks for 2 columns'],
    [
      'says NULL',
      fromView('application_name, null'),
      'returns a row with NULL for stage. A comparison with NULL is neither true nor false',
    ],
    [
      'returns no row',
      `${fromView("application_name, 'link'")} where false`,
      'no row for standby1',
    ],
    [
      'returns a row twice',
      `${fromView("application_name, 'link'")}, generate_series(1, 2)`,
      'returns 2 rows for standby1. The task asks for one.',
    ],
    [
      'names nobody',
      "select 'nobody', 'link'",
      'a row for "nobody". The standbys are standby1 and',
    ],
    [
      'invents a stage',
      fromView("application_name, 'network'"),
      'calls the stage "network". The words are link, disk, replay, none.',
    ],
    [
      'writes',
      "insert into payments values (-1, 'x') returning item, item",
      'fails: ERROR 25006: cannot execute INSERT in a read-only transaction. A query of a monitor reads',
    ],
    ['drops what it reads', 'drop view pg_catalog.pg_stat_replication', 'fails: ERROR 25006'],
    [
      'waits',
      "select pg_sleep(60)::text, 'link'",
      'fails: ERROR 57014: canceling statement due to statement timeout. Whoever watches cannot wait',
    ],
    [
      'has 100,000 rows',
      "select g::text, 'link' from generate_series(1, 100000) g",
      'returns 100,000 rows. It was not asked again.',
    ],
    ['reaches for a shell', "copy payments to program 'sh'", 'fails: ERROR '],
  ])('%s', async (_, text, words) => {
    const { judgements } = await gradeOn(lab, seed, workOf(text), await openNodeEngine());
    expect(judgements.get('an-answer')).toMatchObject({ outcome: 'fail' });
    expect(judgements.get('an-answer')?.words).toContain(words);
    expect(judgements.get('right-stage')?.outcome).toBe('inconclusive');
  });
});

describe('a lab that judges answers alone', () => {
  test('leaves out what she did to her own cluster, and keeps the last answer', async () => {
    const later = after(takeOver(lab), seconds(1));
    const [good] = lab.solutions[0]?.actions ?? [];
    const actions = [
      ...workOf('select 1').actions,
      { at: takeOver(lab), action: { kind: 'kill', node: 'standby2' } as const },
      { at: later, action: good?.action ?? { kind: 'start', node: 'standby2' } },
    ];
    const work = { actions, until: later };
    const engine = await openNodeEngine();
    const graded = await gradeOn(lab, seed, work, engine);
    expect(graded.evidence.deeds).toEqual([]);
    expect(graded.evidence.answers).toHaveLength(1);
    expect(graded.judgements.get('right-stage')?.outcome).toBe('pass');
    expect(graded.hashes).toBeNull();

    // Her file is held to her own run all the same.
    const run = await LabRun.open(lab, seed, engine);
    for (const { at, action } of actions) {
      await run.advance(at);
      await run.act(action);
    }
    expect(await hashesOf(lab, seed, work, engine)).toEqual(run.hashes());
    run.close();
  });
});
