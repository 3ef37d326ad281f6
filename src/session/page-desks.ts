import { keepsakes } from './keep/page-keep.ts';
import { LabDesk } from './lab-desk.ts';
import { gradingHost } from './page-grading.ts';

/** A lab's desk on this page. */
export const deskOf = (lab: string, checks: readonly string[]): LabDesk =>
  new LabDesk(lab, checks, { ...gradingHost, keepsakes });
