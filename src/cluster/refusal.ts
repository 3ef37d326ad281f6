import { POSSIBLE_COMMANDS, parseCommand } from '../postgres/archive-command.ts';

/** Why this course does not run a statement that PostgreSQL would run, and what to do instead. */
export interface Refusal {
  readonly words: string;
  readonly hint: string;
}

const COPY_HINT = 'Copy to or from the client (STDIN, STDOUT) instead.';

/** What a statement would need that is not there: a shell, or files that are not the learner's. */
export function refusalOf(
  node: string,
  body: Readonly<Record<string, unknown>>,
  altersSystem: { readonly name: string | null; readonly value: string | null } | null,
): Refusal | null {
  if (altersSystem !== null) return refusalOfSetting(altersSystem.name ?? '', altersSystem.value);
  if (node === 'CreatedbStmt')
    return {
      words: 'each server here has one database, and nobody could connect to another',
      hint: 'Use a schema: CREATE SCHEMA.',
    };
  if (node !== 'CopyStmt') return null;
  if (body.is_program === true)
    return {
      words: 'COPY … PROGRAM needs a shell, and there is none in this server',
      hint: COPY_HINT,
    };
  const file = body.filename as string | undefined;
  if (
    file !== undefined &&
    (file.startsWith('/') || body.is_from === true) &&
    /^\/(sim|pglite|dev|proc)(\/|$)/.test(resolved(file))
  )
    return { words: `the file "${file}" belongs to the simulator`, hint: COPY_HINT };
  return null;
}

function refusalOfSetting(name: string, value: string | null): Refusal | null {
  if (!['archive_command', 'restore_command'].includes(name) || !value) return null;
  if (parseCommand(value) !== null) return null;
  return { words: `this ${name} needs a shell, and there is none here`, hint: POSSIBLE_COMMANDS };
}

/** A path from the root, as the operating system would follow it from the data directory. */
function resolved(file: string): string {
  const from = file.startsWith('/') ? [] : ['pglite', 'data'];
  const parts: string[] = [];
  for (const part of [...from, ...file.split('/')])
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  return `/${parts.join('/')}`;
}
