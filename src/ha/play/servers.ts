/**
 * The servers of a governed cluster as a few numbers: what Patroni sees of PostgreSQL and does to it, without PostgreSQL. It
 * knows positions, timelines, forks and who streams from whom, so that a hundred runs take seconds. Simplified: WAL has no
 * bytes, a start, a stop and a promotion take fixed times, and a standby has received and replayed the same.
 */
import type { Lsn, TimelineId } from '../../postgres/lsn.ts';
import { parseSynchronousStandbyNames } from '../../postgres/synchronous-standby-names.ts';
import { type Duration, ms } from '../../sim/instant.ts';
import type { Fork, PostgresCommand, PostgresFacts } from '../postgres-port.ts';

export interface Server {
  readonly status: PostgresFacts['status'];
  readonly inRecovery: boolean;
  readonly timeline: number;
  /** The end of its WAL, in bytes. */
  readonly wal: number;
  readonly upstream: string | null;
  /** Whether it was shut down in order. */
  readonly clean: boolean;
  readonly history: readonly Fork[];
  /** synchronous_standby_names. */
  readonly names: string;
  /** Its walreceiver stands still. */
  readonly deaf: boolean;
}

export type Servers = Readonly<Record<string, Server>>;

/** Whether two nodes reach each other. */
export type Linked = (a: string, b: string) => boolean;

/** What a command does at once, and what it does later. */
export interface Done {
  readonly servers: Servers;
  readonly later: { readonly wait: Duration; readonly change: Change } | null;
}

/** A change that is still to come, as data. It counts only where the server is still as `when` says. */
export interface Change {
  readonly node: string;
  readonly when: PostgresFacts['status'];
  readonly kind: 'started' | 'stopped in order' | 'stopped' | 'promoted';
}

const START = ms(500);
const FAST_STOP = ms(500);
const IMMEDIATE_STOP = ms(100);
const PROMOTION = ms(300);
const FIRST_POSITION = 0x3000000;

/** All run; the first is the primary, and the others stream from it. */
export function startServers(
  nodes: readonly string[],
  parameters: Readonly<Record<string, string>>,
): Servers {
  return Object.fromEntries(
    nodes.map((name, index): [string, Server] => [
      name,
      {
        status: 'up',
        inRecovery: index > 0,
        timeline: 1,
        wal: FIRST_POSITION,
        upstream: index > 0 ? (nodes[0] ?? null) : null,
        clean: false,
        history: [],
        names: parameters.synchronous_standby_names ?? '',
        deaf: false,
      },
    ]),
  );
}

export function changed(servers: Servers, name: string, change: Partial<Server>): Servers {
  return { ...servers, [name]: { ...server(servers, name), ...change } };
}

export function server(servers: Servers, name: string): Server {
  const found = servers[name];
  if (found === undefined) throw new RangeError(`no server ${name}`);
  return found;
}

/** Nodes whose server takes writes. */
export const primaries = (servers: Servers): readonly string[] =>
  Object.keys(servers).filter((name) => {
    const { status, inRecovery } = server(servers, name);
    return status === 'up' && !inRecovery;
  });

/** From whom a node streams now; null where it does not. */
function streamsFrom(servers: Servers, name: string, linked: Linked): string | null {
  const own = server(servers, name);
  const { status, inRecovery, upstream } = own;
  if (status !== 'up' || !inRecovery || upstream === null || !linked(name, upstream)) return null;
  const from = server(servers, upstream);
  if (from.status !== 'up' && from.status !== 'stopping') return null;
  if (own.timeline === from.timeline) return own.wal <= from.wal ? upstream : null;
  const fork = from.history.find(({ timeline }) => timeline === own.timeline);
  return fork !== undefined && own.wal <= fork.forkedAt ? upstream : null;
}

/** Everything that can flow has flowed. Those that stream from a standby get theirs after it. */
export function streamed(servers: Servers, linked: Linked): Servers {
  let now = servers;
  for (const name of Object.keys(servers)) {
    const from = streamsFrom(now, name, linked);
    if (from === null || server(now, name).deaf) continue;
    const { wal, timeline, history } = server(now, from);
    const own = server(now, name);
    if (own.wal === wal && own.timeline === timeline) continue;
    now = changed(now, name, { wal, timeline, history });
  }
  return now;
}

/**
 * A primary writes so many bytes and commits: whether its client is told, or waits for synchronous standbys. What was written
 * has been streamed to whom it could reach.
 */
export function written(
  before: Servers,
  name: string,
  bytes: number,
  linked: Linked,
): { readonly servers: Servers; readonly acknowledged: boolean } {
  const { wal } = server(before, name);
  const servers = streamed(changed(before, name, { wal: wal + bytes }), linked);
  return { servers, acknowledged: isConfirmed(servers, name, wal + bytes, linked) };
}

/** Whether enough of the standbys that synchronous_standby_names name have all WAL up to a position. */
export function isConfirmed(servers: Servers, name: string, end: number, linked: Linked): boolean {
  const { names } = parseSynchronousStandbyNames(server(servers, name).names);
  if (names === null) return true;
  const holders = streamers(servers, name, linked).filter(
    (other) => server(servers, other).wal >= end && isNamed(names.members, other),
  );
  return holders.length >= names.numSync;
}

const isNamed = (members: readonly string[], name: string): boolean =>
  members.includes('*') || members.includes(name);

const streamers = (servers: Servers, name: string, linked: Linked): readonly string[] =>
  Object.keys(servers).filter((other) => streamsFrom(servers, other, linked) === name);

/** What Patroni sees of a node's server. */
export function factsOf(servers: Servers, name: string, linked: Linked): PostgresFacts {
  const { status, inRecovery, upstream, clean, history, ...own } = server(servers, name);
  const position = own.wal as Lsn;
  const { names } = parseSynchronousStandbyNames(own.names);
  return {
    ...{ status, inRecovery, upstream, history },
    timeline: own.timeline as TimelineId,
    ...{ walLsn: position, receiveLsn: position, replayLsn: position },
    streaming: streamsFrom(servers, name, linked) !== null,
    cleanlyShutDown: clean,
    replication: streamers(servers, name, linked).map((other) => {
      const at = server(servers, other).wal as Lsn;
      const syncState =
        names === null || !isNamed(names.members, other)
          ? 'async'
          : names.method === 'quorum'
            ? 'quorum'
            : 'sync';
      return {
        ...{ applicationName: other, syncState },
        ...{ writeLsn: at, flushLsn: at, replayLsn: at },
      };
    }),
    synchronousStandbyNames: own.names,
    synchronousCommit: 'on',
  };
}

/** Patroni does something to a server. */
export function obeyed(servers: Servers, name: string, command: PostgresCommand): Done {
  const { status } = server(servers, name);
  const nothing: Done = { servers, later: null };
  const soon = (
    change: Partial<Server>,
    wait: Duration,
    when: Change['when'],
    kind: Change['kind'],
  ): Done => ({
    servers: changed(servers, name, change),
    later: { wait, change: { node: name, when, kind } },
  });
  switch (command.kind) {
    case 'start': {
      if (status !== 'down') return nothing;
      const inRecovery = command.as === 'standby';
      const upstream = command.as === 'standby' ? command.upstream : null;
      return soon({ status: 'starting', inRecovery, upstream }, START, 'starting', 'started');
    }
    case 'stop':
      if (status !== 'up' && status !== 'starting') return nothing;
      return command.mode === 'fast'
        ? soon({ status: 'stopping' }, FAST_STOP, 'stopping', 'stopped in order')
        : soon({ status: 'stopping' }, IMMEDIATE_STOP, 'stopping', 'stopped');
    case 'promote':
      return soon({}, PROMOTION, 'up', 'promoted');
    case 'follow':
      return { servers: changed(servers, name, { upstream: command.upstream }), later: null };
    case 'rewind':
    case 'reinitialize': {
      const { timeline, wal, history } = server(servers, command.upstream);
      const status = command.kind === 'reinitialize' ? 'up' : server(servers, name).status;
      const like = { timeline, wal, history, clean: true, inRecovery: true, deaf: false };
      return {
        servers: changed(servers, name, { ...like, status, upstream: command.upstream }),
        later: null,
      };
    }
    case 'synchronousStandbyNames':
      return { servers: changed(servers, name, { names: command.value }), later: null };
    case 'checkpoint':
      return nothing;
  }
}

/** What was to come later has come. */
export function cameTrue(servers: Servers, { node, when, kind }: Change): Servers {
  const now = server(servers, node);
  if (now.status !== when) return servers;
  switch (kind) {
    case 'started':
      return changed(servers, node, { status: 'up', clean: false });
    case 'stopped in order':
      return changed(servers, node, { status: 'down', clean: true });
    case 'stopped':
      return changed(servers, node, { status: 'down', clean: false });
    case 'promoted': {
      if (!now.inRecovery) return servers;
      const newest = Math.max(...Object.values(servers).map(({ timeline }) => timeline));
      const fork = { timeline: now.timeline as TimelineId, forkedAt: now.wal as Lsn };
      return changed(servers, node, {
        inRecovery: false,
        upstream: null,
        history: [...now.history, fork],
        timeline: newest + 1,
      });
    }
  }
}

/** Whether what was written up to here on a timeline is in this server's own history. */
export function holds(
  servers: Servers,
  name: string,
  write: { readonly timeline: number; readonly end: number },
): boolean {
  const { timeline, wal, history } = server(servers, name);
  if (write.timeline === timeline) return write.end <= wal;
  const fork = history.find((one) => one.timeline === write.timeline);
  return fork !== undefined && write.end <= fork.forkedAt;
}
