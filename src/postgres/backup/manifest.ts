/** backup_manifest: what a base backup is made of, as backup_manifest.c writes it down and parse_manifest.c reads it. */
import { formatLsn, type Lsn, parseLsn, type TimelineId } from '../lsn.ts';
import { crc32c } from '../wal/crc32c.ts';
import { sha256 } from './sha256.ts';

export interface ManifestFile {
  /** From the data directory on: `base/5/1259`. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** As in `2026-01-05 12:00:00 GMT`. */
  readonly lastModified: string;
  /** CRC-32C in hexadecimal digits, the byte of least weight first: the one algorithm that is modelled, and the default. */
  readonly checksum: string;
}

/** WAL without which the backup is never consistent. */
export interface WalRange {
  readonly timeline: TimelineId;
  readonly startLsn: Lsn;
  readonly endLsn: Lsn;
}

export interface Manifest {
  /** 1 up to PostgreSQL 16, 2 from 17 on: since then it names the cluster. */
  readonly version: 1 | 2;
  /** Digits; null in version 1. */
  readonly systemIdentifier: string | null;
  readonly files: readonly ManifestFile[];
  readonly walRanges: readonly WalRange[];
}

const encoder = new TextEncoder();

/** The text of backup_manifest, its own checksum at its end. */
export function manifestText(manifest: Manifest): string {
  const { version, systemIdentifier, files, walRanges } = manifest;
  const system = systemIdentifier === null ? '' : `"System-Identifier": ${systemIdentifier},\n`;
  const text = `{ "PostgreSQL-Backup-Manifest-Version": ${version},
${system}"Files": [
${files.map(fileLine).join(',\n')}
],
"WAL-Ranges": [
${walRanges.map(rangeLine).join(',\n')}
],
`;
  return `${text}${CHECKSUM}"${hexadecimal(sha256(encoder.encode(text)))}"}\n`;
}

const CHECKSUM = '"Manifest-Checksum": ';

const fileLine = ({ path, size, lastModified, checksum }: ManifestFile): string =>
  `{ "Path": ${JSON.stringify(path)}, "Size": ${size}, "Last-Modified": "${lastModified}", "Checksum-Algorithm": "CRC32C", "Checksum": "${checksum}" }`;

const rangeLine = ({ timeline, startLsn, endLsn }: WalRange): string =>
  `{ "Timeline": ${timeline}, "Start-LSN": "${formatLsn(startLsn)}", "End-LSN": "${formatLsn(endLsn)}" }`;

/** How a manifest is written down in JSON. */
interface Written {
  readonly 'PostgreSQL-Backup-Manifest-Version': 1 | 2;
  readonly Files: readonly {
    readonly Path: string;
    readonly Size: number;
    readonly 'Last-Modified': string;
    readonly Checksum: string;
  }[];
  readonly 'WAL-Ranges': readonly {
    readonly Timeline: number;
    readonly 'Start-LSN': string;
    readonly 'End-LSN': string;
  }[];
}

/** Reads what `manifestText` or PostgreSQL has written; null where its own checksum does not fit. */
export function readManifest(text: string): Manifest | null {
  const end = text.lastIndexOf(CHECKSUM);
  const told = /"([0-9a-f]{64})"/.exec(text.slice(end))?.[1];
  if (told !== hexadecimal(sha256(encoder.encode(text.slice(0, end))))) return null;
  const written = JSON.parse(text) as Written;
  return {
    version: written['PostgreSQL-Backup-Manifest-Version'],
    // A number of 64 bits: JSON.parse would round it.
    systemIdentifier: /"System-Identifier": (\d+)/.exec(text)?.[1] ?? null,
    files: written.Files.map((file) => ({
      path: file.Path,
      size: file.Size,
      lastModified: file['Last-Modified'],
      checksum: file.Checksum,
    })),
    walRanges: written['WAL-Ranges'].map((range) => ({
      timeline: range.Timeline as TimelineId,
      startLsn: parseLsn(range['Start-LSN']),
      endLsn: parseLsn(range['End-LSN']),
    })),
  };
}

/** A file's checksum as the manifest has it: the four bytes as they lie in memory. */
export function fileChecksum(bytes: Uint8Array): string {
  const checksum = new DataView(new ArrayBuffer(4));
  checksum.setUint32(0, crc32c(bytes), true);
  return hexadecimal(new Uint8Array(checksum.buffer));
}

const hexadecimal = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
