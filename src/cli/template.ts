import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildTemplate } from '../engine/build/build-template.ts';
import { bundle, pgliteDistribution } from '../engine/build/bundle.ts';
import { initdb } from '../engine/build/initdb.ts';
import { findRecoveryAddresses } from '../engine/build/recovery-addresses.ts';
import { sqlWords } from '../engine/build/sql-words.ts';
import { findStackAddress } from '../engine/build/stack-address.ts';
import { patchWaitLatch } from '../engine/build/wasm-patch.ts';
import { PgliteEngine } from '../engine/pglite-engine.ts';
import { writeTar } from '../engine/tar.ts';
import { tarEntries, writeTemplate } from '../engine/template.ts';
import { START } from '../sim/instant.ts';
import { projectRoot } from './project.ts';

/**
 * npm run template: makes `.generated/`, which holds what the engine needs: PostgreSQL's WebAssembly, patched; its
 * program files; the template data directory; the words that an editor completes. Does nothing where it is up to date.
 */

const FILES = ['pglite.wasm.gz', 'bundle.tar.gz', 'template.tar.gz'] as const;

const generated = join(projectRoot, '.generated');
const WORDS = 'sql-words.json';
const INPUTS = 'inputs.txt';

/** A hash of all that the files are made from. */
function hashOfInputs(): string {
  const hash = createHash('sha256');
  const engine = join(projectRoot, 'src/engine');
  const sources = readdirSync(engine, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(engine, name));
  for (const path of [...sources, join(pgliteDistribution, 'pglite.wasm')]) {
    hash.update(path.slice(projectRoot.length)).update(readFileSync(path));
  }
  return hash.digest('hex');
}

const isUpToDate = (hash: string): boolean => {
  try {
    return (
      readFileSync(join(generated, INPUTS), 'utf8') === hash &&
      [...FILES, WORDS].every((name) => readFileSync(join(generated, name)).length > 0)
    );
  } catch {
    return false;
  }
};

async function build(): Promise<Record<(typeof FILES)[number], Uint8Array>> {
  const original = readFileSync(join(pgliteDistribution, 'pglite.wasm'));
  const patched = patchWaitLatch(original);
  const installation = await initdb();
  const programs = bundle(installation);
  const template = await buildTemplate({
    wasm: new WebAssembly.Module(patched),
    programs,
    data: installation.data,
    code: { ...findRecoveryAddresses(original), ...findStackAddress(original) },
  });
  return {
    'pglite.wasm.gz': patched,
    'bundle.tar.gz': writeTar(tarEntries(programs)),
    'template.tar.gz': writeTemplate(template),
  };
}

/** Reads the words from a server of the template. */
async function wordsOf(parts: Record<(typeof FILES)[number], Uint8Array>): Promise<string> {
  const copy = (bytes: Uint8Array) => new Uint8Array(bytes).buffer;
  const engine = new PgliteEngine({
    wasm: new WebAssembly.Module(new Uint8Array(parts['pglite.wasm.gz'])),
    bundle: copy(parts['bundle.tar.gz']),
    template: copy(parts['template.tar.gz']),
  });
  const { template: base } = engine;
  const { endLsn: end, timeline } = base;
  const server = await engine.materialize({
    base,
    wal: { timeline, start: end, end, read: () => new Uint8Array() },
    settings: {},
    at: START,
    seed: 0,
    role: 'primary',
  });
  try {
    return sqlWords(server);
  } finally {
    server.close();
  }
}

/** Another process may be reading, or building the same at the same time. */
function writeWhole(name: string, content: Uint8Array | string): void {
  const partial = join(generated, `${name}.${process.pid}`);
  writeFileSync(partial, content);
  renameSync(partial, join(generated, name));
}

const hash = hashOfInputs();
if (isUpToDate(hash)) {
  console.log('template: up to date');
} else {
  const started = performance.now();
  mkdirSync(generated, { recursive: true });
  const sizes: Record<string, number> = {};
  const parts = await build();
  writeWhole(WORDS, await wordsOf(parts));
  for (const [name, bytes] of Object.entries(parts)) {
    const compressed = gzipSync(bytes, { level: 9 });
    writeWhole(name, compressed);
    sizes[name] = compressed.length;
  }
  writeWhole('sizes.json', JSON.stringify(sizes));
  writeWhole(INPUTS, hash);
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`template: ${(total / 1e6).toFixed(2)} MB to download, built in ${seconds} s`);
}
