/** The lines of a server log that two clusters can be compared by: how many segments there were depends on their size. */
const COMPARED =
  /^(?:starting (?:point-in-time|archive) recovery|entering standby mode|consistent recovery state|recovery stopping|pausing at the end|recovery ended before|requested recovery stop|multiple recovery targets|could not locate required|must specify|received promote request|selected new timeline|archive recovery complete)/;

export const isCompared = (message: string): boolean => COMPARED.test(message);

/** What a line of a log looks like in a transcript: PostgreSQL writes no SQLSTATE there. */
export const logMessage = (
  severity: string,
  message: string,
  detail: string | null,
  hint: string | null,
) => ({ severity, sqlstate: '', message, detail, hint });

/** Why a node does not run after it was restored; the same words for both clusters. */
export const endedItself = (node: string, fatal: string): string =>
  `${node} ended itself: ${fatal}`;
export const shutDownAtTarget = (node: string): string =>
  `${node} shut down at its recovery target`;
