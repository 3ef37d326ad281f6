import { spawnSync } from 'node:child_process';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import { projectRoot } from './project.ts';

let opened: Promise<SqlEngine> | null = null;

/** The engine of this machine, once a process. Makes the template first where it is missing or stale, on standard error. */
export function openNodeEngine(): Promise<SqlEngine> {
  opened ??= open();
  return opened;
}

async function open(): Promise<SqlEngine> {
  const { status } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'src/cli/template.ts'],
    {
      cwd: projectRoot,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (status !== 0) throw new Error('the template data directory could not be built: see above');
  const { nodeParts } = await import('../engine/node-parts.ts');
  const { PgliteEngine } = await import('../engine/pglite-engine.ts');
  return new PgliteEngine(nodeParts());
}
