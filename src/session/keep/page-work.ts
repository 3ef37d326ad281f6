import { keepsakes } from './page-keep.ts';
import { tabs } from './page-tabs.ts';
import { ProgressImport } from './progress-import.ts';

/** All work of this device: brought in from a file, given back, deleted. For the one page that does so. */
export const work = new ProgressImport(keepsakes, tabs);
