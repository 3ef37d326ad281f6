import type {
  ArchiveRecovery,
  ArchiveRecoveryOptions,
  RecoveredServer,
} from '../cluster/archive-recovery.ts';
import { FIRST_TIMELINE, type Lsn, parseLsn, type TimelineId } from '../postgres/lsn.ts';
import { startOfSegment } from '../postgres/wal/page.ts';
import { CONTROL_FILE, readControlFile } from './control-file.ts';
import { DATA_DIRECTORY, type FileSet, readFile } from './data-directory.ts';
import { Host } from './host.ts';
import { Instance, ServerFailed, type StartOptions } from './instance.ts';
import { RESTORE_COMMAND } from './restore-command.ts';
import { PgliteServer } from './server.ts';
import { configurationFiles } from './settings.ts';
import { isSegmentName, segmentName, segmentPath, withFiles } from './wal-files.ts';

/** What an engine gives every instance. */
export type EngineInstance = Pick<
  StartOptions,
  'wasm' | 'memories' | 'addresses' | 'linkage' | 'programs'
>;

/** Settings without which a single process cannot recover, or would wait for a person for ever. */
const ALONE = {
  hot_standby: 'off',
  recovery_target_action: 'promote',
} as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Starts PostgreSQL on a backup's files, and lets it recover from the archive as its settings say. */
export async function recoverFromArchive(
  engine: EngineInstance,
  files: FileSet,
  catalog: string,
  options: ArchiveRecoveryOptions,
): Promise<ArchiveRecovery> {
  const { at, seed, backupLabel, recoverySignal, archived, settings } = options;
  const command = settings.restore_command ? { restore_command: RESTORE_COMMAND } : {};
  const log: string[] = [];
  let instance: Instance | null = null;
  const data = withFiles(withoutWal(files), [
    ...configurationFiles({ ...settings, ...ALONE, ...command }, ''),
    [`${DATA_DIRECTORY}/backup_label`, encoder.encode(backupLabel)],
    ...(recoverySignal ? [[`${DATA_DIRECTORY}/recovery.signal`, new Uint8Array()] as const] : []),
  ]);
  try {
    instance = await Instance.start({
      ...engine,
      host: new Host(seed, at),
      data,
      hear: (line) => {
        const words = withoutPrefix(line);
        if (isOfRecovery(words)) log.push(words);
      },
      archived: (file) => completed(file, archived(file), files, options.archivedFrom),
    });
  } catch (error) {
    if (!(error instanceof ServerFailed)) throw error;
    return { log, recovered: null };
  }
  return { log, recovered: recoveredServer(instance, catalog) };
}

function recoveredServer(instance: Instance, catalog: string): RecoveredServer {
  const { timeline } = readControlFile(readFile(instance.module, CONTROL_FILE));
  const history = decoder.decode(readFile(instance.module, historyPath(timeline)));
  const [, fork = ''] = /^\d+\t(\S+)/.exec(history.trim().split('\n').at(-1) ?? '') ?? [];
  const forkLsn = parseLsn(fork);
  const server = new PgliteServer(instance, { timeline, start: forkLsn, catalog });
  return { server, timeline, history, forkLsn };
}

/** The archive's first segment, whose beginning was written before the cluster began. */
function completed(
  name: string,
  segment: Uint8Array | null,
  { files }: FileSet,
  archivedFrom: Lsn,
): Uint8Array | null {
  if (name !== segmentName(FIRST_TIMELINE, archivedFrom) || segment === null) return segment;
  const own = files.get(segmentPath(FIRST_TIMELINE, archivedFrom));
  const whole = segment.slice();
  whole.set(own?.subarray(0, archivedFrom - startOfSegment(archivedFrom)) ?? []);
  return whole;
}

const historyPath = (timeline: TimelineId): string =>
  `${DATA_DIRECTORY}/pg_wal/${timeline.toString(16).toUpperCase().padStart(8, '0')}.history`;

const withoutWal = ({ directories, files }: FileSet): FileSet => ({
  directories,
  files: new Map(
    [...files].filter(([path]) => !isSegmentName(path.slice(path.lastIndexOf('/') + 1))),
  ),
});

/** log_line_prefix is PostgreSQL's own, time and process: both are the simulator's to say. */
const withoutPrefix = (line: string): string =>
  line.replace(/^\d{4}-\d\d-\d\d [\d:.]+ \S+ \[\d+\] /, '');

/** What a single process says, and a postmaster with its startup process does not, is left out. */
const isOfRecovery = (line: string): boolean =>
  /^(?:\t|(?:LOG|FATAL|PANIC|ERROR|WARNING|DETAIL|HINT):)/.test(line) &&
  !line.includes('not closed at end-of-transaction');
