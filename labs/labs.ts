/** Every lab of the course, its data checked. A folder that is missing here is found by a test. */
import { defineLab, type Lab } from '../src/lab/lab.ts';
import { judges as bloatAnchorJudges } from './bloat-anchor/checks.ts';
import { lab as bloatAnchor } from './bloat-anchor/lab.ts';
import { judges as capByExperimentJudges } from './cap-by-experiment/checks.ts';
import { lab as capByExperiment } from './cap-by-experiment/lab.ts';
import { judges as diskFillingJudges } from './disk-filling/checks.ts';
import { lab as diskFilling } from './disk-filling/lab.ts';
import { judges as firstNightJudges } from './first-night/checks.ts';
import { lab as firstNight } from './first-night/lab.ts';
import { judges as fixTheFenceJudges } from './fix-the-fence/checks.ts';
import { lab as fixTheFence } from './fix-the-fence/lab.ts';
import { judges as forensicsJudges } from './forensics/checks.ts';
import { lab as forensics } from './forensics/lab.ts';
import { judges as governorJudges } from './governor/checks.ts';
import { lab as governor } from './governor/lab.ts';
import { judges as honestLagAlertJudges } from './honest-lag-alert/checks.ts';
import { lab as honestLagAlert } from './honest-lag-alert/lab.ts';
import { judges as leftBehindJudges } from './left-behind/checks.ts';
import { lab as leftBehind } from './left-behind/lab.ts';
import { judges as longReportJudges } from './long-report/checks.ts';
import { lab as longReport } from './long-report/lab.ts';
import { judges as moveTheMountainJudges } from './move-the-mountain/checks.ts';
import { lab as moveTheMountain } from './move-the-mountain/lab.ts';
import { judges as pickTheLevelJudges } from './pick-the-level/checks.ts';
import { lab as pickTheLevel } from './pick-the-level/lab.ts';
import { judges as promoteTheRightOneJudges } from './promote-the-right-one/checks.ts';
import { lab as promoteTheRightOne } from './promote-the-right-one/lab.ts';
import { judges as pruneOrFanOutJudges } from './prune-or-fan-out/checks.ts';
import { lab as pruneOrFanOut } from './prune-or-fan-out/lab.ts';
import { judges as pullThePlugJudges } from './pull-the-plug/checks.ts';
import { lab as pullThePlug } from './pull-the-plug/lab.ts';
import { judges as readYourWritesJudges } from './read-your-writes/checks.ts';
import { lab as readYourWrites } from './read-your-writes/lab.ts';
import { judges as retentionJudges } from './retention/checks.ts';
import { lab as retention } from './retention/lab.ts';
import { judges as safeOnAStandbyJudges } from './safe-on-a-standby/checks.ts';
import { lab as safeOnAStandby } from './safe-on-a-standby/lab.ts';
import { judges as secondNightJudges } from './second-night/checks.ts';
import { lab as secondNight } from './second-night/lab.ts';
import { judges as stuckCommitsJudges } from './stuck-commits/checks.ts';
import { lab as stuckCommits } from './stuck-commits/lab.ts';
import { judges as surviveOneStandbyJudges } from './survive-one-standby/checks.ts';
import { lab as surviveOneStandby } from './survive-one-standby/lab.ts';
import { judges as undoTheDropJudges } from './undo-the-drop/checks.ts';
import { lab as undoTheDrop } from './undo-the-drop/lab.ts';
import { judges as whichStageJudges } from './which-stage/checks.ts';
import { lab as whichStage } from './which-stage/lab.ts';

export const labs: readonly Lab[] = [
  defineLab(pullThePlug, pullThePlugJudges),
  defineLab(whichStage, whichStageJudges),
  defineLab(honestLagAlert, honestLagAlertJudges),
  defineLab(pickTheLevel, pickTheLevelJudges),
  defineLab(surviveOneStandby, surviveOneStandbyJudges),
  defineLab(capByExperiment, capByExperimentJudges),
  defineLab(stuckCommits, stuckCommitsJudges),
  defineLab(diskFilling, diskFillingJudges),
  defineLab(leftBehind, leftBehindJudges),
  defineLab(safeOnAStandby, safeOnAStandbyJudges),
  defineLab(readYourWrites, readYourWritesJudges),
  defineLab(moveTheMountain, moveTheMountainJudges),
  defineLab(promoteTheRightOne, promoteTheRightOneJudges),
  defineLab(pruneOrFanOut, pruneOrFanOutJudges),
  defineLab(retention, retentionJudges),
  defineLab(firstNight, firstNightJudges),
  defineLab(longReport, longReportJudges),
  defineLab(bloatAnchor, bloatAnchorJudges),
  defineLab(governor, governorJudges),
  defineLab(undoTheDrop, undoTheDropJudges),
  defineLab(forensics, forensicsJudges),
  defineLab(fixTheFence, fixTheFenceJudges),
  defineLab(secondNight, secondNightJudges),
];
