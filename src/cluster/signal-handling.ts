import { walreceiverPid, walsenderPid } from '../postgres/pids.ts';
import { walreceiverView, walsenderViews } from '../postgres/replication-view.ts';
import { BACKUP_STOP } from './backup-stop.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { ClusterParts } from './cluster-parts.ts';
import { replicationSettings, upstreamHost } from './node-settings.ts';
import { slotCommand } from './slot-signal.ts';
import type { Signal } from './sql-engine.ts';

/** Does what a function in SQL asked of the server's other processes. */
export function obey({ name: signal, args }: Signal, name: string, receiver: ClusterParts): void {
  const node = receiver.node(name);
  const pid = Number(args[0]);
  switch (signal) {
    case 'cancel':
    case 'terminate': {
      const session = [...node.sessions.values()].find((one) => one.pid === pid);
      if (session) receiver.flights[signal](session);
      else if (signal === 'terminate') terminateProcess(name, pid, receiver);
      break;
    }
    case 'reload': {
      node.reload();
      receiver.note('reload', name, `${name} reads its configuration again.`);
      applySettings(node, receiver);
      break;
    }
    case 'wal_replay_pause':
      receiver.feed({ kind: 'pauseReplay', node: name });
      break;
    case 'wal_replay_resume':
      receiver.feed({ kind: 'resumeReplay', node: name });
      break;
    case 'promote':
      receiver.feed({ kind: 'promote', node: name });
      break;
    case 'switch_wal':
    case BACKUP_STOP:
      receiver.flushNewWal(name);
      break;
    case 'slot':
      receiver.feed(slotCommand(name, args));
      break;
  }
}

/** Settings are in force from now on; a standby's primary_conninfo may name another node than before. */
export function applySettings({ name, settings }: ClusterNode, receiver: ClusterParts): void {
  receiver.feed({ kind: 'settings', node: name, settings: replicationSettings(settings) });
  const upstream = upstreamHost(settings);
  if (upstream === null) return;
  if (receiver.has(upstream)) receiver.feed({ kind: 'follow', node: name, upstream });
  else
    receiver.note(
      'upstreamUnknown',
      name,
      `${name} finds no host ${upstream} and streams on as before (PostgreSQL would stop streaming).`,
    );
}

/** pg_terminate_backend of a walsender or walreceiver. */
function terminateProcess(name: string, pid: number, { state, feed }: ClusterParts): void {
  const sender = walsenderViews(state, name).find(
    ({ connection }) => walsenderPid(connection) === pid,
  );
  const receiver = walreceiverView(state, name);
  const connection =
    sender?.connection ??
    (receiver && walreceiverPid(receiver.connection) === pid ? receiver.connection : null);
  if (connection !== null) feed({ kind: 'terminateWalsender', connection });
}
