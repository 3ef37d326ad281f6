import { hashOfRun } from './wal-hash.ts';

// Run by determinism.test.ts in a process of its own.
process.send?.(await hashOfRun(), () => process.exit(0));
