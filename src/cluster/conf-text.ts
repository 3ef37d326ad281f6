import { ActionRefused } from './action.ts';
import type { Settings } from './sql-engine.ts';

const LINE =
  /^\s*([A-Za-z_][\w.]*)\s*(?:=\s*|\s+)(?:'((?:[^'\\]|''|\\.)*)'|([^\s'#]+))\s*(?:#.*)?$/;

/**
 * Reads lines of postgresql.conf: `name = 'value'`. A later line of a name wins.
 * Throws ActionRefused for a line that PostgreSQL would not read, with its number.
 */
export function readConf(text: string): Settings {
  const settings: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const [, name, quoted, bare] = LINE.exec(line) ?? [];
    if (name === undefined)
      throw new ActionRefused(
        `syntax error in file "postgresql.conf" line ${index + 1}: write it as name = 'value'`,
      );
    const value = quoted?.replaceAll("''", "'").replaceAll(/\\(.)/g, '$1') ?? bare ?? '';
    settings[name.toLowerCase()] = value;
  }
  return settings;
}
