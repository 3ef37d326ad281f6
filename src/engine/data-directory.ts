import { fillWhenAsked } from './lazy-directory.ts';
import { bytesOf, childrenOf, type MemoryNode, type PostgresModule } from './postgres-module.ts';
import { readTar } from './tar.ts';

/** Files by their path from the root, their contents never changed in place, and the directories, parents first. */
export interface FileSet {
  readonly directories: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export const DATA_DIRECTORY = '/pglite/data';

/** Nodes whose contents belong to a FileSet too: copied before the first write. */
const shared = new WeakSet<MemoryNode>();

/** Makes writes to shared contents copy them first. To be called before files are installed. */
export function copyOnWrite(module: PostgresModule): void {
  const stream = module.MEMFS.ops_table.file.stream;
  const { write } = stream;
  stream.write = (file, from, offset, length, position, canOwn) => {
    const { node } = file;
    if (shared.delete(node)) node.contents = bytesOf(node)?.slice() ?? null;
    return write(file, from, offset, length, position, canOwn);
  };
}

/** Puts files in place without copying their contents. */
export function install(module: PostgresModule, set: FileSet): void {
  const parents = makeDirectories(module, set);
  for (const [path, bytes] of set.files) {
    const slash = path.lastIndexOf('/');
    const directory = parents.get(path.slice(0, slash));
    if (!directory) throw new Error(`no directory for ${path}`);
    addFile(module, directory, path.slice(slash + 1), bytes);
  }
}

/**
 * The same for files of which a server reads few: each directory's are made when somebody looks into it. There are 600 time
 * zones, and making them all would be a seventh of the time that a server takes to boot.
 */
export function installOnDemand(module: PostgresModule, set: FileSet): void {
  const parents = makeDirectories(module, set);
  for (const [path, files] of byDirectory(set)) {
    const directory = parents.get(path);
    if (!directory) throw new Error(`no directory ${path}`);
    fillWhenAsked(directory, () => {
      for (const [name, bytes] of files) addFile(module, directory, name, bytes);
    });
  }
}

type Listing = ReadonlyMap<string, readonly (readonly [string, Uint8Array])[]>;

const listings = new WeakMap<FileSet, Listing>();

/** Names and contents of the files of each directory; found out once for a set. */
function byDirectory(set: FileSet): Listing {
  const known = listings.get(set);
  if (known) return known;
  const listing = new Map<string, (readonly [string, Uint8Array])[]>();
  for (const [path, bytes] of set.files) {
    const slash = path.lastIndexOf('/');
    const directory = path.slice(0, slash);
    const files = listing.get(directory) ?? [];
    files.push([path.slice(slash + 1), bytes]);
    listing.set(directory, files);
  }
  listings.set(set, listing);
  return listing;
}

function makeDirectories({ FS }: PostgresModule, set: FileSet): ReadonlyMap<string, MemoryNode> {
  return new Map(
    set.directories.map((path) => {
      FS.mkdirTree(path, 0o700);
      return [path, FS.lookupPath(path).node];
    }),
  );
}

function addFile(
  { MEMFS }: PostgresModule,
  directory: MemoryNode,
  name: string,
  bytes: Uint8Array,
): void {
  const node = MEMFS.createNode(directory, name, 0o100600, 0);
  node.contents = bytes;
  node.usedBytes = bytes.length;
  shared.add(node);
}

/** The files under a directory as they are now, shared with the running server. */
export function collect(module: PostgresModule, root: string): FileSet {
  const directories: string[] = [];
  const files = new Map<string, Uint8Array>();
  const visit = (path: string, node: MemoryNode): void => {
    const bytes = bytesOf(node);
    if (bytes) {
      shared.add(node);
      files.set(path, bytes);
    } else {
      directories.push(path);
      for (const child of childrenOf(node)) visit(`${path}/${child.name}`, child);
    }
  };
  visit(root, module.FS.lookupPath(root).node);
  return { directories, files };
}

/** A file's bytes as they are now, not a copy. */
export function readFile({ FS }: PostgresModule, path: string): Uint8Array {
  const bytes = bytesOf(FS.lookupPath(path).node);
  if (!bytes) throw new Error(`${path} is a directory`);
  return bytes;
}

/** The files of a tar, whose paths are from the root. */
export function fileSetOfTar(tar: Uint8Array): FileSet {
  const directories: string[] = [];
  const files = new Map<string, Uint8Array>();
  for (const { path, bytes } of readTar(tar)) {
    if (bytes) files.set(path, bytes);
    else directories.push(path);
  }
  return { directories, files };
}

/** Files by their paths from a directory on. */
export const filesFrom = (root: string, { files }: FileSet): ReadonlyMap<string, Uint8Array> =>
  new Map(
    [...files]
      .filter(([path]) => path.startsWith(`${root}/`))
      .map(([path, bytes]) => [path.slice(root.length + 1), bytes]),
  );

/** The same files but for one, whose directory is there; null takes it away. */
export function withFile(
  { directories, files }: FileSet,
  path: string,
  bytes: Uint8Array | null,
): FileSet {
  const others = new Map(files);
  if (bytes) others.set(path, bytes);
  else others.delete(path);
  return { directories, files: others };
}
