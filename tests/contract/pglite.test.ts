import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { PARTS } from './parts.ts';
import { describeSqlEngine } from './sql-engine.ts';

describeSqlEngine('PGlite', openNodeEngine, new Set(PARTS));
