import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { describeSqlEngine } from './sql-engine.ts';

describeSqlEngine('PGlite', openNodeEngine);
