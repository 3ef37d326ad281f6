import { afterEach, beforeAll, describe } from 'vitest';
import type { SqlEngine } from '../../src/cluster/sql-engine.ts';
import { describeAnswers } from './answers.ts';
import { describeArchiveRecovery } from './archive-recovery.ts';
import type { Offers } from './parts.ts';
import { describePromotion } from './promotion.ts';
import { describeReplay } from './replay.ts';
import { Rig } from './rig.ts';
import { describeStandby } from './standby.ts';
import { describeWaitingCommits } from './waiting-commits.ts';
import { describeWaits } from './waits.ts';
import { describeWal } from './wal.ts';

/** Opening may have to build the template first. */
const OPENING_MS = 120_000;

/** What every SQL engine must do, and what one must that offers it. */
export function describeSqlEngine(
  name: string,
  open: () => Promise<SqlEngine>,
  offers: Offers,
): void {
  describe(name, () => {
    let rig: Rig;

    beforeAll(async () => {
      rig = new Rig(await open());
    }, OPENING_MS);

    afterEach(() => rig.closeAll());

    const theRig = () => rig;
    describeAnswers(theRig, offers);
    describeArchiveRecovery(theRig, offers);
    describeWaits(theRig, offers);
    describeWal(theRig, offers);
    describeReplay(theRig);
    describeWaitingCommits(theRig);
    describePromotion(theRig);
    describeStandby(theRig, offers);
  });
}
