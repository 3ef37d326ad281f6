import { governorView, printList } from '../../ha/patronictl.ts';
import type { Play } from '../../ha/play/play.ts';
import { type Server, type Servers, server } from '../../ha/play/servers.ts';
import { type GovernedSnapshot, LINES } from './governed-snapshot.ts';

/** What the page shows of a play at one instant. */
export interface PlaySnapshot extends GovernedSnapshot {
  readonly servers: Servers;
  readonly acknowledged: number;
  readonly lost: number;
  readonly twoPrimaries: number;
}

export function snapshotOf(play: Play): PlaySnapshot {
  const { history, governor, now } = play;
  return {
    now,
    view: governorView(governor, {}, now),
    servers: play.servers,
    found: history.found,
    holder: history.holder,
    lines: history.lines.slice(-LINES),
    list: printList(play.spec.scope, governor.dcs.keys),
    acknowledged: history.acknowledged.length,
    lost: play.lost.length,
    twoPrimaries: history.twoPrimaries,
  };
}

export const serverOf = (snapshot: PlaySnapshot, node: string): Server =>
  server(snapshot.servers, node);
