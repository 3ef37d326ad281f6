import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FigureSpec, figures } from '../../content/figures.ts';
import { recordingText } from '../session/recording.ts';
import { openNodeEngine } from './node-engine.ts';
import { projectRoot } from './project.ts';
import { RecordingRefused, replayRecording } from './replay-recording.ts';

/**
 * npm run recordings: plays every run of `content/recordings/` again and writes what a page sees of it to
 * `.generated/recordings/`, for readers whose browser can run no cluster. Does nothing where it is up to date; a recording that
 * no longer replays ends it with status 1.
 */

const SOURCES = ['src/sim', 'src/postgres', 'src/cluster', 'src/engine', 'src/session'];
const FILES = ['content/figures.ts', 'src/cli/recordings.ts', 'src/cli/replay-recording.ts'];
const INPUTS = 'inputs.txt';
const recorded = join(projectRoot, 'content/recordings');
const generated = join(projectRoot, '.generated/recordings');

const names = readdirSync(recorded)
  .filter((name) => name.endsWith('.json'))
  .sort();

/** A hash of all that the traces are made from. */
function hashOfInputs(): string {
  const hash = createHash('sha256');
  const sources = SOURCES.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const recordings = names.map((name) => join('content/recordings', name));
  for (const path of [...FILES, ...sources, ...recordings].sort())
    hash.update(path).update(readFileSync(join(projectRoot, path)));
  return hash.digest('hex');
}

function isUpToDate(hash: string): boolean {
  try {
    return readFileSync(join(generated, INPUTS), 'utf8') === hash;
  } catch {
    return false;
  }
}

function figureOf(name: string): FigureSpec {
  const id = basename(name, '.json');
  const all: readonly FigureSpec[] = Object.values(figures);
  const figure = all.find((one) => one.id === id);
  if (figure) return figure;
  const known = all.map((one) => one.id).join(', ');
  throw new RecordingRefused(id, `there is no figure of this name; the figures are ${known}`);
}

/** Another process may be reading, or writing the same at the same time. */
function writeWhole(name: string, content: Uint8Array | string): void {
  const partial = join(generated, `${name}.${process.pid}`);
  writeFileSync(partial, content);
  renameSync(partial, join(generated, name));
}

async function build(): Promise<void> {
  const engine = await openNodeEngine();
  mkdirSync(generated, { recursive: true });
  for (const stale of readdirSync(generated)) rmSync(join(generated, stale));
  for (const name of names) {
    const text = readFileSync(join(recorded, name), 'utf8');
    const seen = await replayRecording(figureOf(name), text, engine);
    const trace = gzipSync(recordingText(seen), { level: 9 });
    writeWhole(`${name}.gz`, trace);
    const kilobytes = (trace.length / 1000).toFixed(0);
    console.log(`recordings: ${name}, ${seen.statements.length} statements, ${kilobytes} KB`);
  }
}

const hash = hashOfInputs();
if (isUpToDate(hash)) console.log('recordings: up to date');
else {
  try {
    await build();
    writeWhole(INPUTS, hash);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof RecordingRefused)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
