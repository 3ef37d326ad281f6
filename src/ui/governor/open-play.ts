import { GOVERNED_NODES, governorSpec } from '../../ha/patroni-yml/governor-spec.ts';
import { type PatroniYml, readPatroniYml } from '../../ha/patroni-yml/patroni-yml.ts';
import { Play } from '../../ha/play/play.ts';
import { type PlaySnapshot, snapshotOf } from './play-snapshot.ts';
import { scripts } from './scripts.ts';

/** A cluster that runs, and how it looks now. */
export interface OpenPlay {
  readonly play: Play;
  readonly look: () => PlaySnapshot;
}

/** A new cluster from a patroni.yml, or none where Patroni does not start with it. Fetched with the first cluster. */
export function openPlay(
  text: string,
  withoutWatchdog: readonly string[],
  seed: number,
): { readonly yml: PatroniYml; readonly open: OpenPlay | null } {
  const yml = readPatroniYml(text, scripts);
  if (!yml.starts) return { yml, open: null };
  const play = new Play(governorSpec(yml, withoutWatchdog), GOVERNED_NODES, seed);
  return { yml, open: { play, look: () => snapshotOf(play) } };
}
