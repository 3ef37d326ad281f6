import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labs } from '../../labs/labs.ts';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { projectRoot } from '../../src/cli/project.ts';
import { hashesOf, workOf } from '../../src/lab/grade.ts';
import type { Lab, Script } from '../../src/lab/lab.ts';
import { RUN_RECORD_VERSION, type RunRecord } from '../../src/session/protocol.ts';
import { submissionText } from '../../src/session/submission.ts';

const lab = labs.find(({ name }) => name === 'stuck-commits') as Lab;
const seed = lab.seeds[0] as number;
const folder = mkdtempSync(join(tmpdir(), 'standby-hand-in-'));
const spoken = (at: number, sql: string): Script[number] => ({
  at,
  action: { kind: 'sql', node: 'primary', session: 'psql', sql },
});
const solution: Script = [
  spoken(4, "alter system set synchronous_standby_names = 'standby2'"),
  spoken(5, 'select pg_reload_conf()'),
];

/** A file as the page hands it in. */
async function handIn(script: Script, learner: string): Promise<string> {
  const work = workOf(lab, script);
  const hashes = await hashesOf(lab, seed, work, await openNodeEngine());
  const { name, version } = lab;
  const spec = { lab: name, version, seed };
  const record: RunRecord = { version: RUN_RECORD_VERSION, spec, ...work };
  const claimed = Object.fromEntries(lab.checks.map(({ id }) => [id, 'pass' as const]));
  const about = { lab, learner, claimed, hints: 2, solutionShown: false };
  return submissionText(about, record, hashes);
}

/** A file that somebody has had a hand in. */
function changed(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

function grade(...args: readonly string[]) {
  return spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'src/cli/grade.ts', ...args],
    { cwd: projectRoot, encoding: 'utf8' },
  );
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a folder of submissions', () => {
  let output: ReturnType<typeof grade>;
  let rows: string;

  beforeAll(async () => {
    const good = await handIn(solution, '=Ada');
    const boastful = await handIn([spoken(3, 'select 1')], 'Ben');
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    write('ada.json', good);
    write('ben.json', boastful);
    write('copy-of-ada.json', good.replace('=Ada', String.raw`Cem\u001b[2J`));
    write('cut.json', good.slice(0, good.length / 2));
    write('invented.json', changed(good, '"wal": "', '"wal": "#'));
    write('other-actions.json', changed(good, "= 'standby2'", "= 'standby1'"));
    write('other-seed.json', changed(good, '"seed": 1', '"seed": 20'));
    write('other-lab.json', changed(good, '"stuck-commits"', '"no-such-lab"'));
    write(
      'newer.json',
      changed(good, '"stuck-commits",\n  "version": 1', '"stuck-commits",\n  "version": 99'),
    );
    write('notes.txt', 'not looked at');
    mkdirSync(join(folder, 'folder.json'));
    const csv = join(folder, 'marks.csv');
    output = grade(folder, '--csv', csv);
    rows = readFileSync(csv, 'utf8');
  }, 180_000);

  test.each([
    ['ada.json', '=Ada · stuck-commits: graded'],
    ['ben.json', 'Ben · stuck-commits: graded'],
    ['copy-of-ada.json', 'Cem\u{fffd}[2J · stuck-commits: graded\n  The same work as in ada.json.'],
    ['cut.json', 'damaged\n  The file is not JSON'],
    ['invented.json', 'altered\n  Done again, its actions give another run than the file says'],
    ['other-actions.json', 'altered\n  Done again'],
    ['other-seed.json', 'altered\n  Its run is of seed 20; a learner works on seed 1.'],
    ['other-lab.json', 'unknown lab\n  There is no lab "no-such-lab" in this edition.'],
    ['newer.json', 'other version\n  It was handed in for a newer version'],
    ['folder.json', 'failed\n  Grading failed: EISDIR'],
  ])('%s: %s', (file, words) => {
    const [status = '', ...more] = words.split('\n');
    const report = output.stdout.split('\n\n').find((part) => part.trim().startsWith(file)) ?? '';
    expect(report).toContain(status);
    for (const line of more) expect(report).toContain(line);
  });

  test('what was claimed stands beside what the re-run shows', () => {
    expect(output.stdout).toContain('fail payments-move (claimed: pass): Payment ');
    expect(output.stdout).toContain('pass nothing-lost: ');
  });

  test('the exit status says that files could not be graded', () => {
    expect(output.stdout).toContain('3 graded, 7 could not be graded');
    expect(output.status).toBe(1);
  });

  test('a table has a row for each check, and one for each file without a grade', () => {
    const lines = rows.split('\r\n').filter((line) => line !== '');
    expect(lines).toHaveLength(1 + 3 * lab.checks.length + 7);
    expect(lines[1]).toMatch(
      /^ada\.json,'=Ada,stuck-commits,1,graded,,,2,no,payments-move,pass,pass,/,
    );
  });
});

test.each([
  ['no folder', [], 'usage: '],
  ['a folder that is not there', ['/no/such/folder'], 'cannot read the folder'],
  ['an unknown option', ['--sheet', 'x'], "Unknown option '--sheet'"],
])('%s is a usage error', (_, args, words) => {
  const { status, stderr } = grade(...args);
  expect(stderr).toContain(words);
  expect(status).toBe(2);
});
