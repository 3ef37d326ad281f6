/**
 * archive_command and restore_command: what the shell of a node can do here. There is one archive, a directory that every
 * node has mounted; a file in it is a whole segment. Commands that the course does not need are refused, not guessed at.
 */

/** The directory that is there. A command that names another one fails, as cp does. */
export const ARCHIVE = '/archive';

export type ShellCommand =
  /** `false`, `exit 1`: fails. `true`: says that all is well, and does nothing. */
  | { readonly kind: 'exit'; readonly code: number }
  /** `cp %p /archive/%f`; `careful` with `test ! -f /archive/%f &&` before it. */
  | { readonly kind: 'archive'; readonly directory: string; readonly careful: boolean }
  /** `cp /archive/%f %p`. */
  | { readonly kind: 'restore'; readonly directory: string };

/** What a person may write, for those who wrote something else. */
export const POSSIBLE_COMMANDS =
  'Possible here: cp %p /archive/%f, test ! -f /archive/%f && cp %p /archive/%f, false, true; to restore: cp /archive/%f %p, false.';

const COPY_OUT = /^(?:\/bin\/)?cp (?:-[nv]+ )?%p (\/[\w./-]+)\/%f$/;
const CAREFUL = /^test ! -f (\/[\w./-]+)\/%f && (?:\/bin\/)?cp (?:-[nv]+ )?%p (\/[\w./-]+)\/%f$/;
const COPY_IN = /^(?:\/bin\/)?cp (?:-[nv]+ )?(\/[\w./-]+)\/%f %p$/;
const EXIT: Readonly<Record<string, number>> = {
  false: 1,
  '/bin/false': 1,
  'exit 1': 1,
  true: 0,
  '/bin/true': 0,
};

/** Reads a command; null for one that this shell does not have. */
export function parseCommand(text: string): ShellCommand | null {
  const plain = text.trim().replaceAll('"', '').replaceAll(/\s+/g, ' ');
  const code = EXIT[plain];
  if (code !== undefined) return { kind: 'exit', code };
  const careful = CAREFUL.exec(plain);
  if (careful) {
    const [, tested = '', directory = ''] = careful;
    return tested === directory ? { kind: 'archive', directory, careful: true } : null;
  }
  const out = COPY_OUT.exec(plain)?.[1];
  if (out !== undefined) return { kind: 'archive', directory: out, careful: false };
  const back = COPY_IN.exec(plain)?.[1];
  return back === undefined ? null : { kind: 'restore', directory: back };
}
