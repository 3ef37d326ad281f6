import { crc32c } from '../../postgres/wal/crc32c.ts';
import type { Instant } from '../../sim/instant.ts';
import type { RunRecord } from '../protocol.ts';
import { runFileText } from '../run-file.ts';
import { LINK_MARK } from './link-mark.ts';

/** What a link opens: a run of a figure or a lab, at the moment that was shown. */
export interface LinkedRun {
  readonly of: string;
  readonly at: Instant;
  readonly record: RunRecord;
}

/** A link that opens no run: what is wrong with it, and what to do. */
export class RunLinkRefused extends Error {
  override readonly name = 'RunLinkRefused';
}

const VERSION = '1';
/** Browsers take much longer addresses, but mail programs, chats and wikis cut them somewhere above 8,000 characters. */
export const MAX_LINK = 8_000;
/** Inflated. A link that is not too long holds less, unless someone has made it to fill a reader's memory. */
const MAX_BYTES = 500_000;

/** Of a figure or a lab. */
const NAME = /^[\w:.-]{1,80}$/;

/** The part of an address that opens this run; it may be longer than `MAX_LINK`. */
export async function linkTo({ of, at, record }: LinkedRun): Promise<string> {
  const run: unknown = JSON.parse(runFileText(record, null));
  const text = JSON.stringify({ of, at, run });
  const bytes = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(text));
  return `${LINK_MARK}${VERSION}.${checksum(bytes)}.${toBase64Url(bytes)}`;
}

/**
 * Reads the part of an address that begins with `LINK_MARK`.
 * @throws {RunLinkRefused}
 */
export async function readLink(
  fragment: string,
  parseRunFile: (text: string) => Promise<{ readonly record: RunRecord }>,
): Promise<LinkedRun> {
  if (fragment.length > MAX_LINK)
    throw new RunLinkRefused(
      `This link holds ${fragment.length.toLocaleString('en')} characters; a link to a run has at most ${MAX_LINK.toLocaleString('en')}. Ask for the run as a file.`,
    );
  const [version, sum, packed] = fragment.slice(LINK_MARK.length).split('.');
  if (version !== VERSION && packed !== undefined)
    throw new RunLinkRefused(
      `This link is of version ${printable(version)}, and this page reads version ${VERSION}. Open it in the edition of the course that wrote it, or ask for the run as a file.`,
    );
  const bytes = fromBase64Url(packed ?? '');
  if (!bytes || checksum(bytes) !== sum)
    throw new RunLinkRefused(
      'This link is damaged: most likely its end was cut off on the way. Copy it again, whole.',
    );
  return parse(await inflated(bytes), parseRunFile);
}

async function parse(
  text: string,
  parseRunFile: (text: string) => Promise<{ readonly record: RunRecord }>,
): Promise<LinkedRun> {
  let json: { of?: unknown; at?: unknown; run?: unknown } | null;
  try {
    json = JSON.parse(text);
  } catch {
    json = null;
  }
  const { of, at, run } = json ?? {};
  if (typeof of !== 'string' || !NAME.test(of) || !Number.isSafeInteger(at))
    throw new RunLinkRefused('This link holds no run. Ask whoever sent it for the run as a file.');
  try {
    const { record } = await parseRunFile(JSON.stringify(run ?? null));
    const within = Math.min(Math.max(at as number, 0), record.until);
    return { of, at: within as Instant, record };
  } catch (error) {
    throw new RunLinkRefused(`The run in this link cannot be opened. ${(error as Error).message}`);
  }
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    const whole = await through(new DecompressionStream('deflate-raw'), bytes, MAX_BYTES);
    return new TextDecoder('utf-8', { fatal: true }).decode(whole);
  } catch (error) {
    if (error instanceof RunLinkRefused) throw error;
    throw new RunLinkRefused(
      'This link holds no run that could be unpacked. Copy it again, whole.',
    );
  }
}

/** Bytes after a stream; it is left as soon as it has given more than `limit`. */
async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
  limit = Number.POSITIVE_INFINITY,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > limit) {
      await reader.cancel();
      throw new RunLinkRefused(
        `This link unpacks to more than ${limit.toLocaleString('en')} bytes, which no run of this course does. It was not opened.`,
      );
    }
    parts.push(next.value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const checksum = (bytes: Uint8Array): string => crc32c(bytes).toString(36);

function toBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** What a stranger wrote, short and without anything that is not a letter or a digit. */
const printable = (text: string | undefined): string =>
  /^\w{1,12}$/.exec(text ?? '')?.[0] ?? 'unknown';
