import { DEFAULT_PROXY } from '../../ha/ha-port.ts';
import { type PatroniYml, readPatroniYml } from '../../ha/patroni-yml/patroni-yml.ts';
import { Play } from '../../ha/play/play.ts';
import { type PlaySnapshot, snapshotOf } from './play-snapshot.ts';
import { scripts } from './scripts.ts';

const NODES = ['node1', 'node2', 'node3'];
const DCS_MEMBERS = ['etcd1', 'etcd2', 'etcd3'];

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
  const spec = {
    scope: yml.scope,
    dynamic: yml.dynamic,
    local: Object.fromEntries(NODES.map((node) => [node, yml.local])),
    dcsMembers: DCS_MEMBERS,
    withoutWatchdog,
    proxy: DEFAULT_PROXY,
  };
  const play = new Play(spec, NODES, seed);
  return { yml, open: { play, look: () => snapshotOf(play) } };
}
