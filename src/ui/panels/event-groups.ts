/** Kinds of events, gathered for those who look for something in the log. */
import type { TraceEvent } from '../../cluster/cluster-view.ts';
import { GOVERNED_KINDS } from '../../cluster/governed-action.ts';
import { FAULT_KINDS } from '../../postgres/fault-kinds.ts';

export type EventGroup = 'yours' | 'statements' | 'messages' | 'disks' | 'cluster';

export const GROUPS: readonly { readonly group: EventGroup; readonly words: string }[] = [
  { group: 'yours', words: 'what you did' },
  { group: 'statements', words: 'answers and waits' },
  { group: 'messages', words: 'messages' },
  { group: 'disks', words: 'written, flushed, replayed' },
  { group: 'cluster', words: 'servers and connections' },
];

/** What is done about backups. */
const BACKUP_KINDS = ['backup', 'restore', 'verifyBackup', 'damageBackup', 'copyTable'];

const GROUP_OF: Readonly<Record<string, EventGroup>> = {
  ...every('yours', [
    'sql',
    'cancel',
    'terminate',
    ...FAULT_KINDS,
    ...BACKUP_KINDS,
    ...GOVERNED_KINDS,
    'answer',
  ]),
  ...every('statements', ['answered', 'commitWaits', 'commitReleased', 'lockWait', 'sessionEnded']),
  ...every('messages', ['walSent', 'replySent', 'keepaliveSent']),
  ...every('disks', [
    'walWritten',
    'walFlushed',
    'walReplayed',
    'checkpoint',
    'restartpoint',
    'walRemoved',
    'walDeleted',
  ]),
};

export const groupOf = ({ kind }: TraceEvent): EventGroup => GROUP_OF[kind] ?? 'cluster';

export interface EventFilter {
  /** Null: all. */
  readonly group: EventGroup | null;
  readonly node: string | null;
}

export const passes = (event: TraceEvent, { group, node }: EventFilter): boolean =>
  (group === null || groupOf(event) === group) && (node === null || concerns(event, node));

/** Where it happened, or an end of the cable or message that it is about. */
function concerns({ node, facts }: TraceEvent, name: string): boolean {
  return [node, facts.a, facts.b, facts.to].includes(name);
}

function every(group: EventGroup, kinds: readonly string[]): Record<string, EventGroup> {
  return Object.fromEntries(kinds.map((kind) => [kind, group]));
}
