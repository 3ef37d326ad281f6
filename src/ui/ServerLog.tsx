import { For, type JSX, Show } from 'solid-js';
import type { TraceEvent } from '../cluster/cluster-view.ts';
import { clockTime } from './time-words.ts';
import './server-log.css';

/** What a server has written into its log: events of kind `serverLog`. A server may have several on a page. */
export function ServerLog(props: {
  node: string;
  lines: readonly TraceEvent[];
  /** Stands there as long as there is no line. */
  fallback?: JSX.Element;
}) {
  return (
    <div
      class="server-log"
      role="log"
      aria-live="off"
      tabindex="0"
      aria-label={`Server log of ${props.node}`}
    >
      <p class="log-name">server log of {props.node}</p>
      <For each={props.lines} fallback={props.fallback}>
        {({ at, facts }) => (
          <p data-level={String(facts.level)}>
            <time>{clockTime(at)}</time> <b>{String(facts.level)}:</b> {String(facts.message)}
            <Show when={facts.detail}>{(detail) => <span>DETAIL: {String(detail())}</span>}</Show>
            <Show when={facts.hint}>{(hint) => <span>HINT: {String(hint())}</span>}</Show>
          </p>
        )}
      </For>
    </div>
  );
}
