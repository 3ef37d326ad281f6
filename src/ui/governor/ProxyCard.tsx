import { For, Show } from 'solid-js';
import type { GovernedSnapshot } from './governed-snapshot.ts';

/** HAProxy: to which nodes it sends clients, and what Patroni answered it last. */
export function ProxyCard(props: { snapshot: GovernedSnapshot }) {
  return (
    <Show when={props.snapshot.view.proxy}>
      {(proxy) => (
        <article class="governed-proxy" aria-label="HAProxy">
          <h3>HAProxy</h3>
          <dl>
            <For each={proxy().servers}>
              {({ node, up, lastStatus }) => (
                <>
                  <dt>{node}</dt>
                  <dd data-up={up}>
                    {up ? 'UP, gets the clients' : 'DOWN'} · GET /primary{' '}
                    <code>{lastStatus ?? 'no answer'}</code>
                  </dd>
                </>
              )}
            </For>
          </dl>
        </article>
      )}
    </Show>
  );
}
