import { fileURLToPath } from 'node:url';
import { ScenarioLibrary } from '../../src/cli/scenario-library.ts';

/** The scenarios beside this file, with their records. */
export const library = new ScenarioLibrary(fileURLToPath(new URL('.', import.meta.url)));
