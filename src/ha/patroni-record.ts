/** What a schedule does at an instant, to whom. Nodes are `node1` … `node3`; members of the DCS `etcd1` … `etcd3`. */
export type ScheduleStep =
  /** The machine is gone, with Patroni and PostgreSQL on it; `start` brings it back. */
  | { readonly do: 'kill' | 'start'; readonly node: string }
  /** Patroni alone stands still: its PostgreSQL serves on. */
  | { readonly do: 'freeze-patroni' | 'thaw-patroni'; readonly node: string }
  /** A standby receives nothing any more; its connection stays open. */
  | { readonly do: 'freeze-walreceiver' | 'thaw-walreceiver'; readonly node: string }
  /** Nothing passes between the node's Patroni and any member of the DCS. Connections stay open. */
  | { readonly do: 'cut-dcs' | 'heal-dcs'; readonly node: string }
  | { readonly do: 'kill-dcs' | 'start-dcs'; readonly member: string }
  /** The leader writes so much WAL, at least. */
  | { readonly do: 'write'; readonly bytes: number }
  | { readonly do: 'switchover'; readonly leader: string; readonly candidate: string }
  /** Maintenance mode, with `patronictl pause` and `resume`. */
  | { readonly do: 'pause' | 'resume' };

/**
 * How a client finds a node that writes to it twice a second: `primary` acknowledges, `replica` refuses as a standby does,
 * `starting` says that it starts, recovers or stops, `waiting` has not answered for a second, `down` takes no connection.
 */
export type SeenRole = 'primary' | 'replica' | 'starting' | 'waiting' | 'down';

/** The first line of a record. */
export interface RecordHead {
  readonly schedule: string;
  /** What the schedule is about. */
  readonly what: string;
  readonly versions: {
    readonly patroni: string;
    readonly postgresql: string;
    readonly etcd: string;
  };
  /** What `bootstrap.dcs` held. */
  readonly dynamic: Readonly<Record<string, unknown>>;
}

/** Every other line; `at` is ms since the first step, whose instant is 0. Lines stand in the order of time. */
export type RecordLine = { readonly at: number } & (
  | { readonly kind: 'step'; readonly step: ScheduleStep }
  /** From now on a client finds the node like this. */
  | { readonly kind: 'seen'; readonly node: string; readonly role: SeenRole }
  /** From now on the DCS says so; `answers` is false without a majority, and the rest null. */
  | {
      readonly kind: 'dcs';
      readonly answers: boolean;
      readonly leader: string | null;
      /** `leader/standby,standby` of the sync key, null without synchronous mode. */
      readonly sync: string | null;
    }
  | {
      readonly kind: 'log';
      readonly node: string;
      readonly level: string;
      readonly text: string;
    }
  /** What `patronictl list` prints. */
  | { readonly kind: 'list'; readonly lines: readonly string[] }
);

export interface PatroniRecord {
  readonly head: RecordHead;
  readonly lines: readonly RecordLine[];
}

/** A record as it stands in its file: a JSON value a line. */
export function printRecord({ head, lines }: PatroniRecord): string {
  return [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** @throws where the text is no record. */
export function parseRecord(text: string): PatroniRecord {
  const [head, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  if (head === undefined) throw new Error('the record is empty');
  return { head: head as RecordHead, lines: lines as RecordLine[] };
}
