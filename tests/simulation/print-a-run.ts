import { aRun } from './a-run.ts';

// Run by determinism.test.ts in a process of its own.
process.send?.(await aRun(1), () => process.exit(0));
