import type { Scripts } from '../../ha/patroni-yml/settings-of.ts';
import { seconds } from '../../sim/instant.ts';

const script = (command: string, exitStatus: number, takes: number) =>
  [command, { command, exitStatus, takes: seconds(takes) }] as const;

/** The scripts that the figure's machines have, for callbacks and `pre_promote`. */
export const scripts: Scripts = new Map([
  script('/cafe/fence-succeeds', 0, 2),
  script('/cafe/fence-fails', 1, 2),
]);
