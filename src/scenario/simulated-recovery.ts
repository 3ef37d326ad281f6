import type { TraceEvent } from '../cluster/cluster-view.ts';
import { endedItself, isCompared, logMessage, shutDownAtTarget } from './recovery-log.ts';
import type { ServerMessage } from './target.ts';

/** A node's events since it was restored last. */
function sinceRestored(trace: readonly TraceEvent[], node: string): readonly TraceEvent[] {
  const own = trace.filter((event) => event.node === node);
  return own.slice(own.findLastIndex(({ kind }) => kind === 'restore'));
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** What its startup process has logged since then, as far as it is compared. */
export const simulatedLog = (
  trace: readonly TraceEvent[],
  node: string,
): readonly ServerMessage[] =>
  sinceRestored(trace, node)
    .filter(({ kind }) => kind === 'serverLog')
    .map(({ facts }) =>
      logMessage(
        String(facts.level),
        String(facts.message),
        text(facts.detail),
        text(facts.hint)?.split('\n')[0]?.replaceAll('/pglite/data', 'DATA') ?? null,
      ),
    )
    .filter(({ message }) => isCompared(message));

/** Why the restored node does not run, in words; null where it does. */
export function whyEnded(trace: readonly TraceEvent[], node: string): string | null {
  const events = sinceRestored(trace, node);
  const ended = events.find(({ kind }) => kind === 'recoveryEnded');
  if (!ended) return null;
  const fatal = events.find(({ kind, facts }) => kind === 'serverLog' && facts.level === 'FATAL');
  return ended.facts.outcome === 'failed'
    ? endedItself(node, String(fatal?.facts.message))
    : shutDownAtTarget(node);
}
