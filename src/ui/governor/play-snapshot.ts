import type { Line, Since } from '../../ha/chronicle.ts';
import type { Found } from '../../ha/found.ts';
import type { GovernorView } from '../../ha/governor-view.ts';
import { governorView, printList } from '../../ha/patronictl.ts';
import type { Play } from '../../ha/play/play.ts';
import { type Server, type Servers, server } from '../../ha/play/servers.ts';
import type { Instant } from '../../sim/instant.ts';

/** What the page shows of a play at one instant. */
export interface PlaySnapshot {
  readonly now: Instant;
  readonly view: GovernorView;
  readonly servers: Servers;
  readonly found: Readonly<Record<string, readonly Since<Found>[]>>;
  readonly holder: readonly Since<string | null>[];
  /** Patroni's log, the newest lines. */
  readonly lines: readonly Line[];
  /** As `patronictl list` prints it. */
  readonly list: string;
  readonly acknowledged: number;
  readonly lost: number;
  readonly twoPrimaries: number;
}

/** So many lines of the log are kept on the page. */
const LINES = 120;

export function snapshotOf(play: Play): PlaySnapshot {
  const { history, governor, now } = play;
  return {
    now,
    view: governorView(governor, {}, now),
    servers: play.servers,
    found: Object.fromEntries(Object.entries(history.found).map(([node, all]) => [node, [...all]])),
    holder: [...history.holder],
    lines: history.lines.slice(-LINES),
    list: printList(play.spec.scope, governor.dcs.keys),
    acknowledged: history.acknowledged.length,
    lost: play.lost.length,
    twoPrimaries: history.twoPrimaries,
  };
}

export const serverOf = (snapshot: PlaySnapshot, node: string): Server =>
  server(snapshot.servers, node);

/** How clients find the node now. */
export const foundNow = (snapshot: PlaySnapshot, node: string): Found =>
  snapshot.found[node]?.at(-1)?.is ?? 'down';
