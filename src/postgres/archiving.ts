/** A node's archiver at work, and WAL that comes back from the archive to a standby that cannot stream it. */
import { after } from '../sim/instant.ts';
import { type ArchivedFile, hasSegment, historyFile, segmentFile } from './archive.ts';
import { ARCHIVE, POSSIBLE_COMMANDS, parseCommand, type ShellCommand } from './archive-command.ts';
import { COMMAND_TIME, endCommand, mayStart, nextTimeout, nudge } from './archiver.ts';
import { formatLsn, type Lsn } from './lsn.ts';
import { commitsBetween, logEnd } from './record-log.ts';
import type { Transition } from './transition.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from './wal/page.ts';

/** The file that a segment of this node's WAL is. */
const fileOf = (step: Transition, name: string, segment: Lsn): ArchivedFile =>
  segmentFile(step.state.branches, step.node(name).branch, segment);

/** The primary's WAL is flushed further: segments may be complete. */
export function noteFlushed(step: Transition, name: string): void {
  const { archiver, wal } = step.node(name);
  const complete = startOfSegment(wal.flushLsn);
  if (complete > archiver.switchedTo) {
    const noticed = { ...nudge(archiver, step.at), switchedAt: step.at, switchedTo: complete };
    step.change(name, { archiver: noticed });
  }
  runArchiver(step, name);
}

/** The archiver goes on as far as it can. */
export function runArchiver(step: Transition, name: string): void {
  const { archiver, wal, settings, status, upstream, boot } = step.node(name);
  if (status !== 'up' || upstream !== null || settings.archiveCommand === '') return;
  if (mayStart(archiver, wal.flushLsn, step.at)) {
    const endsAt = after(step.at, COMMAND_TIME);
    step.change(name, { archiver: { ...archiver, endsAt } });
    step.schedule(endsAt, { kind: 'archiverWake', node: name, boot });
  } else if (archiver.on && archiver.endsAt === null && archiver.retryAt > step.at) {
    step.schedule(archiver.retryAt, { kind: 'archiverWake', node: name, boot });
  }
}

/** archive_command may have ended, the next try be due, or archive_timeout be over. */
export function wakeArchiver(step: Transition, name: string, boot: number): void {
  const node = step.node(name);
  if (node.boot !== boot || node.status !== 'up' || node.upstream !== null) return;
  if (node.archiver.endsAt !== null) {
    if (node.archiver.endsAt > step.at) return;
    finishCommand(step, name);
  }
  runArchiver(step, name);
}

/** The configuration was read again. */
export function replanArchiver(step: Transition, name: string): void {
  step.change(name, { archiver: nudge(step.node(name).archiver, step.at) });
  runArchiver(step, name);
  planSwitch(step, name);
}

function finishCommand(step: Transition, name: string): void {
  const { archiver, settings } = step.node(name);
  const { archiveCommand } = settings;
  const segment = archiver.next;
  const command = parseCommand(archiveCommand);
  const wanted = fileOf(step, name, segment);
  const failure = archive(step, command, wanted);
  step.change(name, { archiver: endCommand(archiver, failure === null, step.at) });
  const file = wanted.name;
  if (failure === null) {
    const stored = step.state.archive.some((one) => one.name === file);
    step.happened('walArchived', name, `${name} has archived ${file}.`, { segment: file, stored });
    return;
  }
  const words = `${name}: archive command failed with exit code ${failure.code} (${archiveCommand}). ${failure.why}`;
  step.happened('archiveFailed', name, words.trim(), { segment: file, code: failure.code });
}

/** Puts a segment into the archive; says why it could not. */
function archive(
  step: Transition,
  command: ShellCommand | null,
  wanted: ArchivedFile,
): { readonly code: number; readonly why: string } | null {
  if (command?.kind === 'exit') return command.code === 0 ? null : { code: command.code, why: '' };
  if (command?.kind !== 'archive') return { code: 127, why: POSSIBLE_COMMANDS };
  const { directory, careful } = command;
  const file = `${directory}/${wanted.name}`;
  if (directory !== ARCHIVE)
    return { code: 1, why: `cp: cannot create regular file '${file}': No such file or directory` };
  const { archive: archived } = step.state;
  const others = archived.filter((one) => one.name !== wanted.name);
  if (careful && others.length < archived.length) return { code: 1, why: `${file} is there.` };
  // Without the test, cp overwrites without a word.
  step.state = { ...step.state, archive: [...others, wanted] };
  return null;
}

/** A new timeline has begun: its history is archived before all else (pgarch_readyXlog). Simplified: at once, and tried once. */
export function archiveHistory(step: Transition, name: string): void {
  const { archiver, settings, branch } = step.node(name);
  if (!archiver.on) return;
  const file = historyFile(step.state.branches, branch);
  if (archive(step, parseCommand(settings.archiveCommand), file) !== null) return;
  const facts = { segment: file.name, stored: true };
  step.happened('walArchived', name, `${name} has archived ${file.name}.`, facts);
}

/** archive_timeout: a segment that has commits in it is not kept open for longer. */
export function planSwitch(step: Transition, name: string): void {
  const { archiver, settings, status, upstream, boot } = step.node(name);
  if (status !== 'up' || upstream !== null || settings.archiveTimeout === 0) return;
  if (!hasCommits(step, name, archiver.switchedTo)) return;
  const due = nextTimeout(archiver, settings.archiveTimeout, step.at);
  step.schedule(due, { kind: 'archiveTimeout', node: name, boot });
}

export function endArchiveTimeout(step: Transition, name: string, boot: number): void {
  const { archiver, settings, status, boot: now } = step.node(name);
  if (boot !== now || status !== 'up' || settings.archiveTimeout === 0) return;
  if (!hasCommits(step, name, archiver.switchedTo)) return;
  if (nextTimeout(archiver, settings.archiveTimeout, step.at) > step.at) planSwitch(step, name);
  else step.effects.push({ kind: 'switchWal', node: name });
}

const hasCommits = (step: Transition, name: string, from: Lsn): boolean =>
  commitsBetween(step.records(name), from, logEnd(step.records(name))).length > 0;

/**
 * restore_command of a standby that has run out of WAL: true where a segment comes. It is asked for the segment in which the
 * standby's WAL ends, which is replaced by the whole file.
 */
export function requestFromArchive(step: Transition, name: string): boolean {
  const { settings, wal, restoring, walreceiver, boot, branch, recovered } = step.node(name);
  if (restoring !== null) return true;
  if (recovered?.state === 'at target') return false;
  if (settings.restoreCommand === '' || walreceiver.status !== 'stopped') return false;
  if (step.at < walreceiver.retryAt) return false;
  const segment = startOfSegment(wal.flushLsn);
  const command = parseCommand(settings.restoreCommand);
  const isThere =
    command?.kind === 'restore' &&
    command.directory === ARCHIVE &&
    hasSegment(step.state.archive, step.state.branches, branch, segment);
  if (!isThere) {
    if (command === null && settings.restoreCommand !== '')
      step.happened('restoreFailed', name, `${name}: restore_command: ${POSSIBLE_COMMANDS}`);
    return false;
  }
  step.change(name, { restoring: segment });
  step.schedule(after(step.at, COMMAND_TIME), { kind: 'restoreEnd', node: name, boot });
  return true;
}

/** A segment has come from the archive: it may be replayed. */
export function takeFromArchive(step: Transition, name: string, boot: number): boolean {
  const { restoring, wal, boot: now, status, startup } = step.node(name);
  if (boot !== now || status !== 'up' || restoring === null) return false;
  const end = Math.max(wal.flushLsn, restoring + WAL_SEGMENT_SIZE) as Lsn;
  step.change(name, {
    restoring: null,
    startup: { ...startup, knownLsn: end, receipt: { at: step.at, fromStream: false } },
    wal: { insertLsn: end, writeLsn: end, flushLsn: end },
  });
  const file = fileOf(step, name, restoring).name;
  const words = `${name}: restored log file "${file}" from archive`;
  step.happened('walRestored', name, words, { segment: file });
  const lsn = formatLsn(end);
  step.happened('walFlushed', name, `${name} has flushed WAL up to ${lsn}.`, { lsn });
  return true;
}
