import { chownSync, readFileSync, writeFileSync } from 'node:fs';

/** The user that servers run as: ourselves (`id` null), or another, since PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly id: { readonly uid: number; readonly gid: number } | null;
}

/** Picks the user to run servers as, or says why there is none. */
export function serverUser(): ServerUser | string {
  if (process.getuid?.() !== 0) return { id: null };
  // initdb looks its user up in the password file, so the number alone would not do.
  const entry = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (entry === null) {
    return 'PostgreSQL refuses to run as root, and there is no user "nobody" to run it as; run this as another user';
  }
  return { id: { uid: Number(entry[1]), gid: Number(entry[2]) } };
}

/** Writes a file that the servers' user owns. */
export function writeOwned(user: ServerUser, path: string, text: string): void {
  writeFileSync(path, text);
  if (user.id !== null) chownSync(path, user.id.uid, user.id.gid);
}
