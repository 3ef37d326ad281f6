/** pg_verifybackup of a backup in plain format: what pg_verifybackup.c looks at, in its order and its words. */
import { CONTROL_FILE_SIZE, controlFileIsIntact, systemIdentifier } from './control-file.ts';
import { fileChecksum, type ManifestFile, readManifest, type WalRange } from './manifest.ts';

export interface Verification {
  /** The directory of the backup, as it was named on the command line. */
  readonly directory: string;
  /** Its files now, by their paths from there, backup_manifest not among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The text of backup_manifest; null where there is none. */
  readonly manifest: string | null;
  /** Tries to read the WAL of a range, and says why it cannot in pg_waldump's words; null as a whole is `--no-parse-wal`. */
  readonly parseWal: ((range: WalRange) => string | null) | null;
}

export interface Verified {
  /** Whether it ended with 0. */
  readonly ok: boolean;
  /** What it printed. */
  readonly lines: readonly string[];
}

/** Files that may be changed after the backup. */
const IGNORED = ['backup_manifest', 'postgresql.auto.conf', 'recovery.signal', 'standby.signal'];

const CONTROL_FILE = 'global/pg_control';

export function verifyBackup(verification: Verification): Verified {
  const { directory, files, manifest: text, parseWal } = verification;
  const complaint = (words: string): string => `pg_verifybackup: error: ${words}`;
  const fatal = (words: string): Verified => ({ ok: false, lines: [complaint(words)] });
  if (text === null)
    return fatal(`could not open file "${directory}/backup_manifest": No such file or directory`);
  const manifest = readManifest(text);
  if (manifest === null) return fatal('manifest checksum mismatch');
  const control = files.get(CONTROL_FILE);
  const named = `${directory}/${CONTROL_FILE}`;
  if (manifest.version > 1 && control && manifest.systemIdentifier !== null) {
    if (control.length < CONTROL_FILE_SIZE)
      return fatal(
        `could not read file "${named}": read ${control.length} of ${CONTROL_FILE_SIZE}`,
      );
    if (!controlFileIsIntact(control)) return fatal(`${named}: CRC is incorrect`);
    const own = systemIdentifier(control);
    if (own !== manifest.systemIdentifier)
      return fatal(
        `${named}: manifest system identifier is ${manifest.systemIdentifier}, but control file has ${own}`,
      );
  }
  const errors = [...wrongFiles(files, manifest.files)].map(complaint);
  for (const range of parseWal === null ? [] : manifest.walRanges) {
    const why = parseWal?.(range) ?? null;
    if (why !== null)
      errors.push(
        `pg_waldump: error: ${why}`,
        complaint(`WAL parsing failed for timeline ${range.timeline}`),
      );
  }
  return errors.length > 0
    ? { ok: false, lines: errors }
    : { ok: true, lines: ['backup successfully verified'] };
}

function* wrongFiles(
  files: ReadonlyMap<string, Uint8Array>,
  manifest: readonly ManifestFile[],
): Generator<string> {
  const listed = new Map(manifest.map((file) => [file.path, file]));
  const sound = new Set<ManifestFile>();
  for (const [path, bytes] of files) {
    if (IGNORED.includes(path)) continue;
    const file = listed.get(path);
    if (!file) yield `"${path}" is present on disk but not in the manifest`;
    else if (bytes.length !== file.size)
      yield `"${path}" has size ${bytes.length} on disk but size ${file.size} in the manifest`;
    else sound.add(file);
  }
  for (const { path } of manifest)
    if (!files.has(path) && !IGNORED.includes(path))
      yield `"${path}" is present in the manifest but not on disk`;
  for (const { path, checksum } of sound)
    if (fileChecksum(files.get(path) as Uint8Array) !== checksum)
      yield `checksum mismatch for file "${path}"`;
}
