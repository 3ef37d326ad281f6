/** What the replication machine decides, done to the servers, the sessions and the logs of a cluster. */
import type { Lsn } from '../postgres/lsn.ts';
import type { ReplicationEffect } from '../postgres/replication-port.ts';
import { hasAutovacuum } from './autovacuum.ts';
import { planAutovacuum } from './autovacuum-launcher.ts';
import type { ClusterParts } from './cluster-parts.ts';
import { messages } from './messages.ts';

type Promoted = Extract<ReplicationEffect, { kind: 'promoted' }>;

export function carryOut(effect: ReplicationEffect, parts: ClusterParts): void {
  const { flights } = parts;
  switch (effect.kind) {
    case 'schedule':
      parts.schedule(effect.at, { kind: 'replication', event: effect.event });
      break;
    case 'recoveryConflict': {
      const { node, vxid, reason } = effect;
      const { standby } = parts.node(node);
      const session = standby.sessionOf(vxid);
      if (session && flights.conflict(session, reason)) standby.countConflict(reason);
      break;
    }
    case 'flushed':
      flights.wake(effect.request);
      break;
    case 'released':
      flights.wake(effect.waiter);
      break;
    case 'stopped':
      stopped(effect.node, effect.keptUpTo, effect.panic, parts);
      break;
    case 'started':
      started(effect.node, parts);
      break;
    case 'demoted':
      parts.node(effect.node).role = 'standby';
      break;
    case 'promoted':
      promoted(effect, parts);
      break;
    case 'switchWal':
      parts.node(effect.node).switchWal();
      break;
    case 'checkpointDue':
      parts.node(effect.node).checkpointIfDue(effect.patient);
      parts.publish();
      break;
    case 'checkpointWritten':
      parts.node(effect.node).keepBase();
      break;
    case 'walRemoved':
      parts.node(effect.node).removeWalBefore(effect.before);
      break;
    case 'arrived':
      parts.messages.append(effect.from, effect.to, effect.messages, parts.now());
      break;
    case 'lost':
      parts.messages.append(effect.from, effect.to, effect.messages, null);
      break;
    case 'happened': {
      const { event, node, words, facts } = effect;
      parts.note(event, node, words, facts);
      if (event === 'walReplayed') flights.retryLocks(node);
      break;
    }
  }
}

function stopped(name: string, keptUpTo: Lsn, panic: string | null, parts: ClusterParts): void {
  const node = parts.node(name);
  parts.flights.lose(name, panic === null ? null : messages.noSpace(panic));
  node.stop();
  if (node.role !== 'primary') return;
  const { wal, bases } = parts.branchOf(name);
  wal.cut(keptUpTo);
  bases.cut(keptUpTo);
}

function started(name: string, parts: ClusterParts): void {
  const node = parts.node(name);
  node.startedAt = parts.now();
  if (node.role === 'standby') {
    node.accepting = true;
    return;
  }
  parts.job(async () => {
    await node.boot();
    parts.flushNewWal(name);
  });
}

function promoted({ node: name, parent, forkedAt, timeline }: Promoted, parts: ClusterParts): void {
  const node = parts.node(name);
  parts.branches.fork(parent, forkedAt, timeline);
  parts.job(async () => {
    await node.promote(timeline);
    parts.flights.retryLocks(name);
    parts.flushNewWal(name);
    if (hasAutovacuum(node.settings)) planAutovacuum(name, parts);
  });
}
