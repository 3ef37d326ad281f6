import { toMs } from '../sim/instant.ts';
import type { Action } from './action.ts';
import { describeGovernedAction } from './governed-action.ts';
import { verifyCommand } from './verify-command.ts';

/** What an action is called in the event log: a whole sentence. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'sql':
      return `Session ${action.session} sends to ${action.node}: ${action.sql}`;
    case 'cancel':
      return `You cancel what session ${action.session} on ${action.node} runs.`;
    case 'terminate':
      return `You terminate session ${action.session} on ${action.node}.`;
    case 'clients':
      return action.pace === 0
        ? `You send the clients "${action.population}" away: they finish what they wait for.`
        : `The clients "${action.population}" work at ${action.pace === 1 ? 'their usual pace' : `${action.pace} times their usual pace`}.`;
    case 'baseBackup':
      return `You make ${action.node} anew, from a base backup of ${action.upstream}.`;
    case 'stop':
      return `You shut ${action.node} down (fast).`;
    case 'follow':
      return `You let ${action.node} follow ${action.upstream}.`;
    case 'rewind':
      return `You rewind ${action.node} with pg_rewind, from ${action.upstream}.`;
    case 'promote':
      return `You promote ${action.node}.`;
    case 'backup':
      return `You take the base backup "${action.name}" of ${action.node}.`;
    case 'restore':
      return `You start ${action.node} on the backup "${action.backup}", with ${action.signal === 'none' ? 'no signal file' : `${action.signal}.signal`} and: ${action.conf.trim().replaceAll('\n', '; ')}`;
    case 'verifyBackup':
      return `You run: ${verifyCommand(action)}`;
    case 'damageBackup':
      return `${DAMAGES[action.damage]} ${action.file} in the backup "${action.backup}".`;
    case 'copyTable':
      return `You carry the table ${action.table} from ${action.from} to ${action.node} (pg_dump | psql).`;
    case 'freeze':
      return `You freeze the ${action.process} of ${action.node}: it lives, and does nothing.`;
    case 'thaw':
      return `You let the ${action.process} of ${action.node} go on.`;
    case 'delay':
      return `The link between ${action.a} and ${action.b} now takes ${toMs(action.delay)} ms one way.`;
    case 'bandwidth':
      return `The link between ${action.a} and ${action.b} now carries ${action.bytesPerSecond} bytes a second.`;
    case 'loss':
      return `The link between ${action.a} and ${action.b} now loses ${action.ratio * 100} % of its messages.`;
    case 'cut':
      return `You cut the link between ${action.a} and ${action.b}.`;
    case 'heal':
      return `The link between ${action.a} and ${action.b} works again.`;
    case 'fsync':
      return Number.isFinite(action.time)
        ? `An fsync on ${action.node} now takes ${toMs(action.time)} ms.`
        : `The disk of ${action.node} stalls.`;
    case 'replayRate':
      return `${action.node} now replays ${action.bytesPerSecond} bytes a second.`;
    case 'walVolume':
      return Number.isFinite(action.bytes)
        ? `The volume of ${action.node}'s pg_wal now holds ${action.bytes / 2 ** 20} MB.`
        : `The volume of ${action.node}'s pg_wal now has no end.`;
    case 'deleteWal':
      return `You rm every file in ${action.node}'s pg_wal but the newest.`;
    case 'kill':
      return `You kill every process of ${action.node}.`;
    case 'powerOff':
      return `You cut the power of ${action.node}.`;
    case 'start':
      return `You start ${action.node}.`;
    default:
      return describeGovernedAction(action);
  }
}

const DAMAGES = {
  flip: 'One bit flips in',
  truncate: 'Half is lost of',
  remove: 'Somebody removes',
  add: 'Somebody leaves a file behind:',
} as const;

/** Why an action's number makes no sense, in words, or null. */
export function outOfRange(action: Action): string | null {
  switch (action.kind) {
    case 'delay':
      return action.delay >= 0 && Number.isFinite(action.delay)
        ? null
        : 'the delay of a link is a time of 0 ms or more';
    case 'loss':
      return action.ratio >= 0 && action.ratio < 1
        ? null
        : 'the share of messages lost is 0 or more, and less than 1';
    case 'fsync':
      return action.time >= 0 ? null : 'an fsync takes 0 ms or more';
    case 'walVolume':
      return action.bytes >= 2 ** 20
        ? null
        : 'a volume for pg_wal holds a segment of 1 MB at least';
    case 'bandwidth':
    case 'replayRate':
      return action.bytesPerSecond > 0 ? null : 'a rate is more than 0 bytes a second';
    default:
      return null;
  }
}
