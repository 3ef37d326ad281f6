import { type Lsn, lsn } from '../postgres/lsn.ts';
import type { Addresses } from './addresses.ts';
import { type FileSet, fileSetOfTar } from './data-directory.ts';
import type { Linkage } from './linkage.ts';
import { writeTar } from './tar.ts';

/** The data directory that every cluster starts from, cleanly shut down. */
export interface Template {
  readonly files: FileSet;
  readonly addresses: Addresses;
  readonly linkage: Linkage;
  /** The end of its WAL. */
  readonly endLsn: Lsn;
  /** Fingerprint of the functions and views that show modelled processes. */
  readonly catalog: string;
}

const FACTS = '/facts.json';

export function writeTemplate({ files, ...facts }: Template): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(JSON.stringify(facts));
  return writeTar([{ path: FACTS, bytes }, ...tarEntries(files)]);
}

export const tarEntries = ({ directories, files }: FileSet) => [
  ...directories.map((path) => ({ path, bytes: null })),
  ...[...files].map(([path, bytes]) => ({ path, bytes })),
];

export function readTemplate(tar: Uint8Array): Template {
  const { directories, files: all } = fileSetOfTar(tar);
  const files = new Map(all);
  const facts = files.get(FACTS);
  if (!facts) throw new Error(`no ${FACTS} in the template: run "npm run template"`);
  files.delete(FACTS);
  const { addresses, linkage, endLsn, catalog } = JSON.parse(new TextDecoder().decode(facts));
  return { files: { directories, files }, addresses, linkage, endLsn: lsn(endLsn), catalog };
}
