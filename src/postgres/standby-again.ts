/**
 * What becomes of a server that was a primary: it is shut down in good order, it is made a standby as it is (standby.signal), or its
 * files are brought to where another primary's history leaves its own (pg_rewind). Follows postmaster.c (fast shutdown),
 * walsender.c (WalSndDone) and pg_rewind.c. Simplified: pg_rewind takes REWIND_TIME, and the node is started right after it.
 */
import { after, ms } from '../sim/instant.ts';
import { branchOf, commonUpTo } from './branches.ts';
import { formatLsn } from './lsn.ts';
import { endProcesses, killNode } from './postmaster.ts';
import { checkpointUpTo, lastEndUpTo } from './record-log.ts';
import type { ReplicationEvent } from './replication-port.ts';
import { BOOT_TIME } from './replication-state.ts';
import type { Transition } from './transition.ts';
import { sendToStandbys } from './upstream.ts';
import { startOfSegment } from './wal/page.ts';
import { segmentName } from './wal/wal-store.ts';

const REWIND_TIME = ms(800);

/** A fast shutdown: a primary ends once its standbys have all its WAL, a standby at once. */
export function requestStop(step: Transition, name: string): void {
  const { status, upstream, wal } = step.node(name);
  if (status !== 'up') return;
  step.log(name, 'postmaster', 'LOG', 'received fast shutdown request');
  if (upstream === null) {
    step.change(name, { stopping: true });
    sendToStandbys(step, name);
  } else step.change(name, { stopping: true, wal });
  finishStop(step, name);
}

/** A node that is to stop does, where nothing is left to be sent. */
export function finishStop(step: Transition, name: string): void {
  const { stopping, upstream, wal, walsenders } = step.node(name);
  if (!stopping) return;
  const isDone =
    upstream !== null ||
    (wal.flushLsn >= wal.insertLsn && walsenders.every(({ flushLsn }) => flushLsn >= wal.flushLsn));
  if (!isDone) return;
  endProcesses(step, name);
  step.change(name, { isShutDown: true });
  step.log(name, 'postmaster', 'LOG', 'database system is shut down');
  step.happened('stopped', name, `${name} is shut down.`);
}

/** standby.signal is put beside a stopped primary's files, and primary_conninfo names its upstream, or nobody. */
export function becomeStandby(step: Transition, name: string, upstream: string | null): void {
  if (step.node(name).upstream !== null) return;
  const anybody = Object.keys(step.state.nodes).find((other) => other !== name) ?? name;
  step.change(name, { upstream: upstream ?? anybody, isAlone: upstream === null });
  step.effects.push({ kind: 'demoted', node: name });
}

/** pg_rewind with another node as its source. What it says where it cannot is told, and the node stays as it was. */
export function beginRewind(step: Transition, name: string, source: string, starts: boolean): void {
  const [target, from] = [step.node(name), step.node(source)];
  const { branches } = step.state;
  if (from.status !== 'up' || step.link(source, name).cut) {
    fail(step, name, `could not connect to server: ${source} does not answer`);
    return;
  }
  const forkedAt = commonUpTo(branches, target.branch, from.branch);
  const end = lastEndUpTo(step.records(name), target.wal.writeLsn);
  if (target.branch === from.branch || end <= forkedAt) {
    const words =
      target.branch === from.branch
        ? 'source and target cluster are on the same timeline'
        : 'no rewind required';
    step.happened('rewindNeedless', name, `pg_rewind of ${name}: ${words}`, { source });
  } else {
    const common = checkpointUpTo(step.records(name), forkedAt);
    const needed = common?.lsn ?? step.records(name).start;
    if (startOfSegment(needed) < target.walFrom) {
      const file = segmentName(branchOf(branches, target.branch).timeline, needed);
      const why = `could not find previous WAL record at ${formatLsn(forkedAt)}: could not open file "pg_wal/${file}": No such file or directory`;
      fail(step, name, why);
      return;
    }
    const at = formatLsn(forkedAt);
    const { timeline } = branchOf(branches, target.branch);
    const words = `pg_rewind of ${name}: servers diverged at WAL location ${at} on timeline ${timeline}; rewinding from last common checkpoint at ${formatLsn(needed)} on timeline ${timeline}`;
    step.happened('rewindBegun', name, words, { source, lsn: at, timeline });
  }
  const status = starts ? 'starting' : 'down';
  const { boot } = step.change(name, { status, boot: target.boot + 1 });
  const event = { kind: 'rewindEnd', node: name, source, starts, boot } as const;
  step.schedule(after(step.at, REWIND_TIME), event);
}

function fail(step: Transition, name: string, why: string): void {
  step.happened('rewindFailed', name, `pg_rewind of ${name}: error: ${why}`, { why });
}

/** Its files are those of its source now, as far as the two had parted; the node is a standby of that when it starts. */
export function endRewind(
  step: Transition,
  { node: name, source, starts, boot }: Extract<ReplicationEvent, { kind: 'rewindEnd' }>,
): void {
  const node = step.node(name);
  if (node.status !== (starts ? 'starting' : 'down') || node.boot !== boot) return;
  const from = step.node(source);
  if (from.status !== 'up' || step.link(source, name).cut) {
    step.change(name, { status: 'down' });
    fail(step, name, `${source} was lost on the way`);
    return;
  }
  const forkedAt = commonUpTo(step.state.branches, node.branch, from.branch);
  const diverged = lastEndUpTo(step.records(name), node.wal.writeLsn) > forkedAt;
  if (diverged) {
    const end = lastEndUpTo(step.records(source), from.wal.flushLsn);
    step.change(name, {
      branch: from.branch,
      wal: { insertLsn: end, writeLsn: end, flushLsn: end },
      durableLsn: end,
      walFrom: startOfSegment(from.checkpointer.latest.redoLsn),
      checkpointer: from.checkpointer,
      startup: { ...node.startup, replayLsn: end },
      slots: [],
    });
    step.happened('rewound', name, `pg_rewind of ${name}: Done!`, { source, lsn: formatLsn(end) });
  }
  step.change(name, { upstream: source, isAlone: false, isShutDown: false });
  step.effects.push({ kind: 'demoted', node: name });
  if (starts) step.schedule(after(step.at, BOOT_TIME), { kind: 'bootEnd', node: name, boot });
}

/** A node is emptied for a base backup: whatever it was, it is a standby from now on. */
export function emptyNode(step: Transition, name: string, upstream: string): void {
  killNode(step, name);
  step.change(name, { isAlone: false });
  if (step.node(name).upstream !== null) return;
  step.change(name, { upstream });
  step.effects.push({ kind: 'demoted', node: name });
}
