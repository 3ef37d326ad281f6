import type {
  ClusterView,
  MessageView,
  StatementView,
  TraceEvent,
} from '../cluster/cluster-view.ts';
import type { LabAction } from '../lab/lab-action.ts';
import { emptyList } from '../sim/append-list.ts';
import { type Instant, START } from '../sim/instant.ts';
import type { Frames, Moment } from './frames.ts';
import type { PutAside } from './keep/keepsake.ts';
import type { RunRecord } from './protocol.ts';
import type { SavedRun } from './run-file.ts';
import type { RunSpec } from './run-spec.ts';

/** A statement that was stopped by ending the worker; the run stands as if it had never been sent. */
export interface StoppedStatement {
  readonly at: Instant;
  readonly node: string;
  readonly session: string;
  readonly sql: string;
  readonly reason: string;
}

/** A run that was put aside on this device, as a list shows it. */
export interface EarlierWork {
  /** Names it among all of them. */
  readonly of: string;
  readonly savedAt: string;
  readonly why: PutAside;
  readonly actions: number;
  readonly until: Instant;
  /** Why it cannot be replayed here, in words. */
  readonly unfit: string | null;
}

/** A run, and the moment at which it is to be opened. */
export interface RunAtMoment {
  readonly record: RunRecord;
  readonly at: Instant;
}

export type Phase =
  /** Nothing loaded yet. */
  | 'asleep'
  /** The engine is being fetched. */
  | 'loading'
  /** A worker boots the cluster and replays the record. */
  | 'opening'
  | 'running'
  | 'failed'
  /** No cluster, but a run of it that was played beforehand: it can be looked at, and nothing can be done to it. */
  | 'recorded';

/** All that a page shows of a run. Replaced as a whole, so that an old one can be compared with a new one. */
export interface Snapshot {
  readonly phase: Phase;
  readonly spec: RunSpec | null;
  readonly progress: { readonly loaded: number; readonly total: number } | null;
  /** How far a run has been replayed, of how much; null where none is, or it has just begun. */
  readonly replayed: { readonly to: Instant; readonly of: Instant } | null;
  readonly view: ClusterView | null;
  readonly statements: readonly StatementView[];
  readonly events: readonly TraceEvent[];
  /** Messages between nodes that have arrived or been lost; those on their way are in the view. */
  readonly messages: readonly MessageView[];
  /** The run so far, as `Session.look` shows it. */
  readonly frames: Frames;
  /** The moment that is looked back at; null for the present. */
  readonly lookingAt: Instant | null;
  /** What was known at `lookingAt`; null for the present. */
  readonly looked: Moment | null;
  readonly record: RunRecord | null;
  /** How fast time runs; while looking back, how fast the run is shown again. 0 where it stands. */
  readonly speed: number;
  /** The worker has been busy with one statement for more than a second. */
  readonly busy: boolean;
  readonly stopped: readonly StoppedStatement[];
  /** What the page last had to tell: a refusal, a restored run, a storage that is full. */
  readonly notice: string | null;
  /** Why there is no cluster, in words; only in the phases `failed` and `recorded`. */
  readonly failure: string | null;
  /** It was not even tried: what the page knows of the browser speaks against it. */
  readonly untried: boolean;
  /** An action asked for while looking at an earlier moment: doing it forgets what came later. */
  readonly fork: { readonly action: LabAction; readonly forgets: number } | null;
  /** The run that a reset, an import or a new branch has put aside last, on this page. */
  readonly putAside: RunRecord | null;
  /** All that were put aside on this device, the oldest first. */
  readonly earlier: readonly EarlierWork[];
  /** The run that was found saved on this device when the page was opened. */
  readonly saved: SavedRun | null;
  /** Why the browser does not store the run, in words. */
  readonly unsaved: string | null;
  /** Another tab saves this figure's run: what is done here is a copy, and is not saved. */
  readonly elsewhere: boolean;
  /** The run is a shared one: the reader's own is left as it is until she acts here. */
  readonly shared: RunAtMoment | null;
  /** What the run is, in words, where it is only shown: nothing can be done to it, and nothing of it is kept. */
  readonly exhibit: string | null;
  /** A run that was read from a file and waits for the reader's word. */
  readonly incoming: RunAtMoment | null;
}

/** Unless a person chooses another: time runs as on the wall. */
export const NORMAL_SPEED = 1;

const NO_FRAMES: Frames = emptyList();

export const ASLEEP: Snapshot = {
  phase: 'asleep',
  spec: null,
  progress: null,
  replayed: null,
  view: null,
  statements: [],
  events: [],
  messages: [],
  frames: NO_FRAMES,
  lookingAt: null,
  looked: null,
  record: null,
  speed: 0,
  busy: false,
  stopped: [],
  notice: null,
  failure: null,
  untried: false,
  fork: null,
  putAside: null,
  earlier: [],
  saved: null,
  unsaved: null,
  elsewhere: false,
  shared: null,
  exhibit: null,
  incoming: null,
};

/** What is seen of a run, apart from what is done to it. */
export type Seen = Pick<Snapshot, 'statements' | 'events' | 'messages' | 'frames' | 'view'>;

export const NOTHING_SEEN: Seen = {
  statements: [],
  events: [],
  messages: [],
  frames: NO_FRAMES,
  view: null,
};

/** Nothing earlier is looked at. */
export const THE_PRESENT: Pick<Snapshot, 'lookingAt' | 'looked'> = {
  lookingAt: null,
  looked: null,
};

/** The cluster as it is to be drawn: at the moment that is looked at. */
export const shownView = ({ looked, view }: Snapshot): ClusterView | null => looked?.view ?? view;

/** The instant that is shown. */
export const shownNow = (snapshot: Snapshot): Instant =>
  snapshot.lookingAt ?? snapshot.view?.now ?? START;

/** The statements sent by the shown instant, as their clients knew them then. */
export const shownStatements = ({ looked, statements }: Snapshot): readonly StatementView[] =>
  looked?.statements ?? statements;

/** What had happened by the shown instant. */
export const shownEvents = ({ looked, events }: Snapshot): readonly TraceEvent[] =>
  looked?.events ?? events;

/** Messages that had arrived or been lost by the shown instant. */
export const shownMessages = ({ looked, messages }: Snapshot): readonly MessageView[] =>
  looked?.messages ?? messages;

/** Where the run ends, as far as it is known. */
export const runEnd = ({ phase, record, view }: Snapshot): Instant =>
  (phase === 'recorded' ? view?.now : record?.until) ?? START;

/** Whether the page looks at a moment before the run's end. */
export const inThePast = (snapshot: Snapshot): boolean =>
  snapshot.lookingAt !== null ||
  (snapshot.phase !== 'recorded' &&
    snapshot.record !== null &&
    snapshot.view !== null &&
    snapshot.view.now < snapshot.record.until);

/** Statements by id, with those that changed replaced. */
export function withStatements(
  known: readonly StatementView[],
  changed: readonly StatementView[],
): readonly StatementView[] {
  if (changed.length === 0) return known;
  const all = [...known];
  for (const statement of changed) all[statement.id] = statement;
  return all;
}

/** The statement that a step of the page has sent: the last one with this text in this session. */
export const lastSent = (
  statements: readonly StatementView[],
  node: string,
  session: string,
  sql: string,
): StatementView | null =>
  statements.findLast((s) => s.node === node && s.session === session && s.sql === sql) ?? null;
