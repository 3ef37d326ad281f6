/** A space-time diagram as shapes: lanes of nodes over time, messages as slanted lines, statements and stages on the lanes. */
import type { MessageView, StatementView, TraceEvent } from '../../cluster/cluster-view.ts';
import { FAULT_KINDS } from '../../postgres/fault-kinds.ts';
import type { Instant } from '../../sim/instant.ts';
import { advanced, type Stage } from '../stage/traffic.ts';
import type { TimeWindow } from '../time/time-window.ts';

export interface SpaceTimeInput {
  readonly nodes: readonly string[];
  /** Ended and flying, in any order. */
  readonly messages: readonly MessageView[];
  readonly statements: readonly StatementView[];
  readonly events: readonly TraceEvent[];
  readonly window: TimeWindow;
  /** The shown instant: nothing later is drawn. */
  readonly now: Instant;
  readonly x: (at: number) => number;
}

export interface Lane {
  readonly node: string;
  readonly y: number;
  /** Stretches in which the node was down, as far as the window reaches. */
  readonly down: readonly { readonly x1: number; readonly x2: number }[];
}

export type Item = MessageLine | StatementBar | LaneMark;

export interface MessageLine {
  readonly kind: 'message';
  readonly id: string;
  readonly at: number;
  readonly message: MessageView;
  /** That its arrival brings about: WAL is sent, a reply tells of the furthest stage that is new. */
  readonly stage: Stage | null;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly state: 'arrived' | 'flying' | 'held' | 'lost';
}

export interface StatementBar {
  readonly kind: 'statement';
  readonly id: string;
  readonly at: number;
  readonly statement: StatementView;
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
}

export interface LaneMark {
  readonly kind: 'mark';
  readonly id: string;
  readonly at: number;
  readonly event: TraceEvent;
  readonly stage: Stage | null;
  readonly x: number;
  readonly y: number;
}

export interface SpaceTime {
  readonly height: number;
  readonly lanes: readonly Lane[];
  /** In order of time. */
  readonly items: readonly Item[];
  /** How many more there are than are drawn. */
  readonly left: number;
}

export const TOP = 30;
/** Left of the lanes, for the names of the nodes. The plots leave the same. */
export const GUTTER = 84;
const FIRST_LANE = 76;
const LANE_GAP = 92;
const BOTTOM = 22;
const BAR_ABOVE = 15;
const BAR_STEP = 10;
const BAR_ROWS = 4;
/** More shapes than this are a grey wall: the window is too large for them. */
const MOST = 900;

const STAGE_OF: Readonly<Record<string, Stage>> = {
  walWritten: 'written',
  walFlushed: 'flushed',
  walReplayed: 'replayed',
};

/** What a person does to the cluster, by the kinds of its actions, and what becomes of nodes. */
const BEFALLS: ReadonlySet<string> = new Set([...FAULT_KINDS, 'started']);

export function spaceTime(input: SpaceTimeInput): SpaceTime {
  const { nodes } = input;
  const laneOf = new Map(nodes.map((node, i) => [node, FIRST_LANE + i * LANE_GAP]));
  const all = [...lines(input, laneOf), ...bars(input, laneOf), ...marks(input, laneOf)].sort(
    (a, b) => a.at - b.at,
  );
  return {
    height: FIRST_LANE + Math.max(0, nodes.length - 1) * LANE_GAP + BOTTOM,
    lanes: nodes.map((node) => ({
      node,
      y: laneOf.get(node) ?? 0,
      down: downStretches(input, node),
    })),
    items: all.slice(-MOST),
    left: Math.max(0, all.length - MOST),
  };
}

type Lanes = ReadonlyMap<string, number>;

const overlaps = ({ from, to }: TimeWindow, start: number, end: number): boolean =>
  start <= to && end >= from;

function lines({ messages, window, now, x }: SpaceTimeInput, lanes: Lanes): readonly MessageLine[] {
  const before = new Map<string, NonNullable<MessageView['reported']>>();
  return messages.flatMap((message): readonly MessageLine[] => {
    const { id, from, to, sentAt, arrivesAt, lost, reported } = message;
    const stage = message.kind === 'wal' ? 'sent' : advanced(reported, before.get(from));
    if (reported) before.set(from, reported);
    const y1 = lanes.get(from);
    const y2 = lanes.get(to);
    if (y1 === undefined || y2 === undefined || sentAt > now) return [];
    if (!overlaps(window, sentAt, arrivesAt ?? now)) return [];
    const base = { kind: 'message', id, at: sentAt, message, stage, x1: x(sentAt), y1 } as const;
    if (arrivesAt === null) {
      // Nobody knows when it comes: it hangs half-way, as far as time has gone.
      const state = lost ? 'lost' : 'held';
      return [{ ...base, x2: x(lost ? sentAt : now), y2: y1 + (y2 - y1) * 0.3, state }];
    }
    if (arrivesAt <= now) return [{ ...base, x2: x(arrivesAt), y2, state: 'arrived' }];
    const share = (now - sentAt) / (arrivesAt - sentAt);
    return [{ ...base, x2: x(now), y2: y1 + (y2 - y1) * share, state: 'flying' }];
  });
}

/** Statements of one session stand in one row; rows of a lane are shared when there are many sessions. */
function bars(
  { statements, window, now, x }: SpaceTimeInput,
  lanes: Lanes,
): readonly StatementBar[] {
  const rows = new Map<string, number>();
  const counts = new Map<string, number>();
  return statements.flatMap((statement) => {
    const { id, node, session, sentAt, answeredAt } = statement;
    const y = lanes.get(node);
    const end = answeredAt === null || answeredAt > now ? now : answeredAt;
    if (y === undefined || sentAt > now || !overlaps(window, sentAt, end)) return [];
    const key = `${node} ${session}`;
    let row = rows.get(key);
    if (row === undefined) {
      row = counts.get(node) ?? 0;
      counts.set(node, row + 1);
      rows.set(key, row);
    }
    return [
      {
        kind: 'statement',
        id: `statement ${id}`,
        at: sentAt,
        statement,
        x1: x(sentAt),
        x2: x(end),
        y: y - BAR_ABOVE - (row % BAR_ROWS) * BAR_STEP,
      },
    ];
  });
}

function marks({ events, window, now, x }: SpaceTimeInput, lanes: Lanes): readonly LaneMark[] {
  return events.flatMap((event, i) => {
    const stage = STAGE_OF[event.kind] ?? null;
    if (event.at < window.from || event.at > window.to || event.at > now) return [];
    if (stage === null && !BEFALLS.has(event.kind)) return [];
    const y = placeOf(event, lanes);
    if (y === null) return [];
    return [{ kind: 'mark', id: `event ${i}`, at: event.at, event, stage, x: x(event.at), y }];
  });
}

/** On the lane of its node; what befalls a cable, between the lanes of its ends. */
function placeOf({ node, facts }: TraceEvent, lanes: Lanes): number | null {
  if (node !== null) return lanes.get(node) ?? null;
  const a = lanes.get(String(facts.a));
  const b = lanes.get(String(facts.b));
  return a === undefined || b === undefined ? null : (a + b) / 2;
}

function downStretches({ events, window, now, x }: SpaceTimeInput, name: string) {
  const stretches: { x1: number; x2: number }[] = [];
  let since: number | null = null;
  const close = (end: number) => {
    if (since !== null && overlaps(window, since, end)) {
      stretches.push({
        x1: x(Math.max(window.from, since)),
        x2: x(Math.min(window.to, end)),
      });
    }
    since = null;
  };
  for (const { at, kind, node } of events) {
    if (node !== name || at > now) continue;
    if (kind === 'killed' || kind === 'poweredOff') since ??= at;
    else if (kind === 'started') close(at);
  }
  close(now);
  return stretches;
}
