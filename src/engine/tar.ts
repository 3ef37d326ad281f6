/** A file of a tar archive; a directory has no bytes. */
export interface TarEntry {
  readonly path: string;
  readonly bytes: Uint8Array | null;
}

const BLOCK = 512;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Offsets and lengths in a ustar header (POSIX.1-1988). */
const Field = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const;

const padded = (length: number): number => Math.ceil(length / BLOCK) * BLOCK;

/** Reads a tar made by `writeTar`. Contents are views of the archive, not copies. */
export function* readTar(tar: Uint8Array): Generator<TarEntry> {
  const text = (start: number, [offset, length]: readonly [number, number]): string => {
    const bytes = tar.subarray(start + offset, start + offset + length);
    const end = bytes.indexOf(0);
    return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
  };
  for (let offset = 0; offset + BLOCK <= tar.length && tar[offset] !== 0; ) {
    const path = text(offset, Field.name);
    const size = Number.parseInt(text(offset, Field.size), 8);
    const isDirectory = text(offset, Field.type) === '5';
    offset += BLOCK;
    yield { path, bytes: isDirectory ? null : tar.subarray(offset, offset + size) };
    offset += padded(size);
  }
}

/** Writes a tar that holds nothing of the time or the machine. */
export function writeTar(entries: readonly TarEntry[]): Uint8Array<ArrayBuffer> {
  const size = entries.reduce((sum, { bytes }) => sum + BLOCK + padded(bytes?.length ?? 0), 0);
  const tar = new Uint8Array(size + 2 * BLOCK);
  let offset = 0;
  for (const { path, bytes } of entries) {
    tar.set(header(path, bytes), offset);
    offset += BLOCK;
    if (bytes) tar.set(bytes, offset);
    offset += padded(bytes?.length ?? 0);
  }
  return tar;
}

function header(path: string, bytes: Uint8Array | null): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = ([offset, length]: readonly [number, number], text: string): void => {
    const encoded = encoder.encode(text);
    if (encoded.length > length) throw new RangeError(`too long for a tar header: ${text}`);
    block.set(encoded, offset);
  };
  const octal = (value: number, length: number): string => value.toString(8).padStart(length, '0');
  put(Field.name, path);
  put(Field.mode, octal(bytes ? 0o600 : 0o700, 7));
  put(Field.uid, octal(0, 7));
  put(Field.gid, octal(0, 7));
  put(Field.size, octal(bytes?.length ?? 0, 11));
  put(Field.mtime, octal(0, 11));
  put(Field.type, bytes ? '0' : '5');
  put(Field.magic, 'ustar\u000000');
  put(Field.checksum, ' '.repeat(8));
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  put(Field.checksum, `${octal(checksum, 6)}\0`);
  return block;
}
