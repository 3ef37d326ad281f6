/** `patronictl list`, and what a page shows of the governing. */
import { formatLsn, type Lsn } from '../postgres/lsn.ts';
import type { Instant } from '../sim/instant.ts';
import { DEFAULT_LOCAL } from './configuration.ts';
import { inMajority, type Reaches } from './dcs.ts';
import type { DcsKeys, Member } from './dcs-keys.ts';
import { pairOf } from './governing.ts';
import type { GovernorState } from './governor-state.ts';
import type { DcsView, GovernorView, ListedMember, PatroniView } from './governor-view.ts';

export function governorView(
  state: GovernorState,
  connections: Readonly<Record<string, number>>,
  at: Instant,
): GovernorView {
  const { nodes, proxy } = state;
  return {
    at,
    patronis: Object.keys(nodes).map((node) => patroniView(state, node, at)),
    dcs: dcsView(state),
    proxy: proxy && {
      servers: Object.entries(proxy.servers).map(([node, { up, lastStatus }]) => ({
        node,
        up,
        lastStatus,
        connections: connections[node] ?? 0,
      })),
    },
  };
}

function patroniView({ nodes, spec }: GovernorState, name: string, at: Instant): PatroniView {
  const node = nodes[name];
  if (!node?.patroni) throw new RangeError(`no node ${name} is governed`);
  const { memory } = node.patroni;
  const { watchdog } = spec.local[name] ?? DEFAULT_LOCAL;
  return {
    node: name,
    process: node.process,
    state: memory.state,
    role: memory.role,
    leaderUntil: memory.leaderUntil > at ? memory.leaderUntil : null,
    said: memory.said,
    nextRun: node.process === 'running' ? memory.nextRun : null,
    busyWith: memory.busyWith,
    paused: memory.dynamic.pause,
    failsafeActive: memory.failsafe !== null && memory.failsafe.until > at,
    watchdog: {
      mode: watchdog.mode,
      state: node.firesAt !== null ? 'active' : node.watchdogWorks ? 'inactive' : 'missing',
      firesAt: node.firesAt,
    },
  };
}

function dcsView(state: GovernorState): DcsView {
  const { dcs, cuts } = state;
  const { keys } = dcs;
  const reaches: Reaches = (a, b) => !cuts.includes(pairOf(a, b));
  const names = Object.keys(dcs.members);
  const lease = keys.leader && dcs.leases[keys.leader.lease];
  return {
    members: names.map((name) => ({
      name,
      status: dcs.members[name] ?? 'down',
      leads: dcs.leader === name,
      inMajority: inMajority(dcs, name, reaches),
    })),
    hasMajority: names.some((name) => inMajority(dcs, name, reaches)),
    leader: keys.leader && lease ? { name: keys.leader.value, expiresAt: lease.expiresAt } : null,
    sync: keys.sync?.value ?? null,
    status: keys.status,
    failover: keys.failover?.value ?? null,
    paused: keys.config?.value.pause ?? false,
    list: listMembers(keys),
  };
}

/** The rows of `patronictl list`: what the nodes said of themselves last. Hosts are the nodes' own names. */
export function listMembers(keys: DcsKeys): readonly ListedMember[] {
  const leader = keys.leader?.value ?? null;
  const lead = leader === null ? null : (keys.members[leader]?.xlogLocation ?? null);
  return Object.values(keys.members)
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((member) => row(member, keys, leader, Math.max(keys.status?.lastLsn ?? 0, lead ?? 0)));
}

function row(member: Member, keys: DcsKeys, leader: string | null, lead: number): ListedMember {
  const leads = member.name === leader;
  const sync = keys.sync?.value;
  const synchronous = !leads && sync !== undefined && sync.members.includes(member.name);
  const quorum = keys.config?.value.synchronousMode === 'quorum';
  const lag = (position: Lsn | null): number | null =>
    leads || position === null ? null : Math.round(Math.max(0, lead - position) / 2 ** 20);
  const { nofailover, nosync } = member.tags;
  const tags = [...(nofailover ? ['nofailover: true'] : []), ...(nosync ? ['nosync: true'] : [])];
  return {
    member: member.name,
    host: member.name,
    role: leads ? 'Leader' : synchronous ? (quorum ? 'Quorum Standby' : 'Sync Standby') : 'Replica',
    state: !leads && member.replicationState !== null ? member.replicationState : member.state,
    timeline: member.timeline,
    receiveLsn: member.receiveLsn,
    receiveLagMb: lag(member.receiveLsn),
    replayLsn: member.replayLsn,
    replayLagMb: lag(member.replayLsn),
    tags: tags.length === 0 ? null : tags.join('\n'),
  };
}

/** As `patronictl list` prints it. */
export function printList(scope: string, keys: DcsKeys): string {
  const columns = [
    'Member',
    'Host',
    'Role',
    'State',
    'TL',
    'Receive LSN',
    'Lag',
    'Replay LSN',
    'Lag',
  ];
  const rightAligned = [4, 5, 6, 7, 8];
  const rows = listMembers(keys).map((one) => [
    one.member,
    one.host,
    one.role,
    one.state,
    one.timeline === null ? '' : String(one.timeline),
    one.receiveLsn === null ? '' : formatLsn(one.receiveLsn),
    one.receiveLagMb === null ? '' : String(one.receiveLagMb),
    one.replayLsn === null ? '' : formatLsn(one.replayLsn),
    one.replayLagMb === null ? '' : String(one.replayLagMb),
  ]);
  const widths = columns.map((title, index) =>
    Math.max(title.length, ...rows.map((cells) => cells[index]?.length ?? 0)),
  );
  const line = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`;
  const title = `+ Cluster: ${scope} (${keys.initialize ?? 'uninitialized'}) `;
  const top = title.length < line.length ? title + line.slice(title.length) : line;
  const printed = (cells: readonly string[], right: readonly number[]) =>
    `| ${cells
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return right.includes(index) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(' | ')} |`;
  return [
    top,
    printed(columns, rightAligned),
    line,
    ...rows.map((cells) => printed(cells, rightAligned)),
    line,
  ].join('\n');
}
