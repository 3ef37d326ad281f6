/** `npm start`: builds the course where its files have changed since the last build, and serves it. */
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { programs, projectRoot, runNode } from './project.ts';
import { serve } from './serve.ts';
import { siteBase } from './site-base.ts';

const { values } = parseArgs({ options: { port: { type: 'string' } } });
const base = siteBase(process.env.SITE_BASE);
const dist = join(projectRoot, process.env.STANDBY_OUT_DIR ?? 'dist');
// Kept outside dist, which has to hold the site and nothing else; `npm ci` forgets it, rightly.
const stampFile = join(projectRoot, 'node_modules/.cache/standby/last-build');

if (!isBuilt()) {
  console.log('Building the course …');
  const built =
    runNode(['src/cli/template.ts']) &&
    runNode(['src/cli/recordings.ts']) &&
    runNode([programs.astro, 'build'], { env: { SITE_BASE: base } });
  if (!built) {
    console.error('The build failed; what it said stands above.');
    process.exit(1);
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, inputStamp());
}

const { url } = await serve({
  root: dist,
  base,
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
});
console.log(`\nThe course is at ${url}\nCtrl-C ends it.`);

function isBuilt(): boolean {
  try {
    statSync(join(dist, 'index.html'));
    return readFileSync(stampFile, 'utf8') === inputStamp();
  } catch {
    return false;
  }
}

/** Changes whenever a file that the build reads has changed, come or gone. */
function inputStamp(): string {
  const hash = createHash('sha256').update(`${base}\n${dist}\n`);
  const inputs = [
    '{src,content,labs}/**/*',
    'astro.config.mjs',
    'package-lock.json',
    'tsconfig.json',
  ];
  for (const file of globSync(inputs, { cwd: projectRoot }).sort()) {
    const { mtimeMs, size } = statSync(join(projectRoot, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}
