import type { StatementResult } from './target.ts';
import type { TranscriptLine } from './transcript.ts';

/**
 * Hides what two clusters may differ in though they behave alike, and nothing else:
 *
 * - WAL positions (`0/1A2B3C` becomes `LSN`),
 * - points in time and intervals of clock time (`2026-01-31 10:00:00+00` becomes `TIME`, `00:00:01.5` `INTERVAL`),
 * - process ids: numbers in columns named `pid`, `..._pid` or `..._pids`, and after the words "process" and "PID" in messages,
 * - transaction ids after the words "transaction" and "XID", and the relation's number in "on relation 16384 of database 5", in
 *   messages (`DETAIL`s of deadlocks): object identifiers of the course's template begin elsewhere; what pg_current_xact_id()
 *   returns,
 * - the number of a relation's file (`base/5/16384`), and the two sums of a page that fails its own,
 * - of what VACUUM VERBOSE reports, all but the counts of pages and tuples: the rest is buffers, rates, times, transaction
 *   ids; and the numbers in names of TOAST tables.
 *
 * Everything else is compared as it stands: a query whose other figures vary from run to run has no place in a scenario.
 * NULL stays NULL, so whether there is a value is always compared.
 */
export function maskText(text: string): string {
  return text
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d(?::\d\d)*)?/g, 'TIME')
    .replace(/-?(?:\d+ days? -?)?\b\d\d:\d\d:\d\d(?:\.\d+)?/g, 'INTERVAL')
    .replace(/\bbase\/(\d+)\/\d+/g, 'base/$1/FILE')
    .replace(/\b[0-9A-F]{1,8}\/[0-9A-F]{1,8}\b/g, 'LSN');
}

/** The messages of a server name processes and transactions in words. */
function maskMessage(text: string): string {
  return maskText(vacuumed(text))
    .replace(/\b(process|PID) \d+/gi, '$1 PID')
    .replace(/\b(transaction|XID) \d+/gi, '$1 XID')
    .replace(
      /\bcalculated checksum \d+ but expected \d+/g,
      'calculated checksum SUM but expected SUM',
    )
    .replace(/\b(on relation) \d+ (of database)/g, '$1 OID $2');
}

function vacuumed(text: string): string {
  const named = text.replace(/\bpg_toast_\d+/g, 'pg_toast_OID');
  return named.startsWith('finished vacuuming')
    ? named
        .split('\n')
        .filter((line) => /^(finished|pages:|tuples:)/.test(line))
        .join('\n')
    : named;
}

/** A line with all that may differ hidden. */
export function maskLine(line: TranscriptLine): TranscriptLine {
  const { results, notices, error } = line;
  return {
    ...line,
    at: 0,
    ...(results === undefined ? {} : { results: results.map(maskResult) }),
    ...(notices === undefined ? {} : { notices: notices.map(maskTexts) }),
    ...(error === undefined || error === null ? {} : { error: maskTexts(error) }),
  };
}

function maskResult(result: StatementResult): StatementResult {
  const isPid = result.columns.map((column) => /(?:^|_)pids?$/.test(column));
  const isXid = result.columns.map((column) => column === 'pg_current_xact_id');
  const rows = result.rows.map((row) =>
    row.map((value, index) => {
      if (value === null) return null;
      if (isXid[index]) return 'XID';
      return isPid[index] ? value.replace(/\d+/g, 'PID') : maskText(value);
    }),
  );
  return { ...result, rows };
}

/** Masks every text of a message; severities and SQLSTATEs have nothing that could be taken for the rest. */
function maskTexts<T extends { message: string; detail: string | null; hint: string | null }>(
  message: T,
): T {
  return {
    ...message,
    message: maskMessage(message.message),
    detail: message.detail === null ? null : maskMessage(message.detail),
    hint: message.hint === null ? null : maskMessage(message.hint),
  };
}
