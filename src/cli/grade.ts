/**
 * `npm run grade -- FOLDER [--csv FILE]`: does the work of every submission in a folder again, on all cores, and says of each
 * check what was claimed and what the re-run shows. Exits 1 where a file could not be graded, 2 on a usage error.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { csv } from './csv.ts';
import { type FileReport, withoutGrade } from './grade-file.ts';
import { runNode } from './project.ts';
import { WorkerPool } from './worker-pool.ts';

const USAGE = 'usage: npm run grade -- FOLDER [--csv FILE]';
/** An honest submission takes some seconds; a statement without an end must not hold up the others. */
const LIMIT_MS = 180_000;

interface Graded extends FileReport {
  readonly file: string;
  /** The file with the same work that was read before this one. */
  readonly sameAs: string | null;
}

const { folder, csvFile } = readArguments();
const files = submissionsIn(folder);
if (!runNode(['src/cli/template.ts'])) process.exit(2);
const reports = markDuplicates(await gradeAll(files));
for (const report of reports) print(report);
if (csvFile !== undefined) writeFileSync(csvFile, csv(table(reports)));
const ungraded = reports.filter(({ status }) => status !== 'graded').length;
console.log(`\n${reports.length - ungraded} graded, ${ungraded} could not be graded`);
process.exit(ungraded > 0 ? 1 : 0);

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { csv: { type: 'string' } },
    });
    const [folder, ...more] = positionals;
    if (folder !== undefined && more.length === 0) return { folder, csvFile: values.csv };
  } catch (error) {
    console.error(`grade: ${(error as Error).message}`);
  }
  return usage();
}

function submissionsIn(path: string): readonly string[] {
  try {
    const found = readdirSync(path).filter((name) => name.endsWith('.json'));
    if (found.length > 0) return found.sort();
    console.error(`grade: ${path} holds no .json file`);
  } catch (error) {
    console.error(`grade: cannot read the folder: ${(error as Error).message}`);
  }
  return usage();
}

function usage(): never {
  console.error(USAGE);
  process.exit(2);
}

async function gradeAll(names: readonly string[]): Promise<readonly Omit<Graded, 'sameAs'>[]> {
  const worker = fileURLToPath(new URL('./grade-worker.ts', import.meta.url));
  const size = Math.min(availableParallelism(), names.length);
  const pool = new WorkerPool<{ path: string }, FileReport>(worker, size, LIMIT_MS);
  let done = 0;
  progress(done, names.length);
  try {
    return await Promise.all(
      names.map(async (file) => {
        const report = await pool
          .run({ path: join(folder, file) })
          .catch((error: Error) => withoutGrade('failed', `Grading failed: ${error.message}.`));
        progress(++done, names.length);
        return { file, ...report };
      }),
    );
  } finally {
    pool.close();
  }
}

/** On standard error, and only where somebody watches. */
function progress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.round((done / all) * 30);
  const bar = `${'█'.repeat(filled)}${'·'.repeat(30 - filled)}`;
  process.stderr.write(`\r${bar} ${done} of ${all}${done === all ? '\n' : ''}`);
}

function markDuplicates(all: readonly Omit<Graded, 'sameAs'>[]): readonly Graded[] {
  const first = new Map<string, string>();
  return all.map((report) => {
    const { work, file } = report;
    const sameAs = work === null ? null : (first.get(work) ?? null);
    if (work !== null && sameAs === null) first.set(work, file);
    return { ...report, sameAs };
  });
}

function print({ file, learner, lab, status, reason, sameAs, checks }: Graded): void {
  console.log();
  say(`${file}${learner === '' ? '' : ` · ${learner} · ${lab}`}: ${status}`);
  if (reason !== '') say(`  ${reason}`);
  if (sameAs !== null) say(`  The same work as in ${sameAs}.`);
  for (const { check, claimed, outcome, seed, words } of checks) {
    const against = claimed === outcome ? '' : ` (claimed: ${claimed})`;
    const where = outcome === 'pass' ? '' : ` [seed ${seed}]`;
    say(`  ${outcome} ${check}${against}: ${words}${where}`);
  }
}

/** A line with what strangers wrote in it: nothing of that may steer the terminal. */
function say(line: string): void {
  console.log(line.replaceAll(/\p{Cc}/gu, '\u{fffd}'));
}

function table(all: readonly Graded[]): (string | number | null)[][] {
  const head = [
    'file',
    'learner',
    'lab',
    'version',
    'status',
    'reason',
    'same work as',
    'hints',
    'solution shown',
  ];
  const perCheck = ['check', 'claimed', 're-run', 'seed', 'at', 'words'];
  return [
    [...head, ...perCheck],
    ...all.flatMap((report) => {
      const { file, learner, lab, version, status, reason, sameAs, hints, checks } = report;
      const shown = report.solutionShown === null ? null : report.solutionShown ? 'yes' : 'no';
      const about = [file, learner, lab, version, status, reason, sameAs, hints, shown];
      if (checks.length === 0) return [[...about, ...perCheck.map(() => null)]];
      return checks.map(({ check, claimed, outcome, seed, at, words }) => [
        ...about,
        ...[check, claimed, outcome, seed, at, words],
      ]);
    }),
  ];
}
