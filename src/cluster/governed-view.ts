import type { Chronicle } from '../ha/chronicle.ts';
import type { GovernorView } from '../ha/governor-view.ts';

/** What governs a cluster, as its figures draw it. */
export interface GovernedView extends Omit<GovernorView, 'at'> {
  readonly scope: string;
  /** Since the run's first instant. */
  readonly chronicle: Chronicle;
  /** As `patronictl list` prints it. */
  readonly list: string;
}
