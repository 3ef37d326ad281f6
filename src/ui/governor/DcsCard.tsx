import { For, Show } from 'solid-js';
import type { PlayAction } from '../../ha/play/play.ts';
import { formatLsn } from '../../postgres/lsn.ts';
import type { GovernedSnapshot } from './governed-snapshot.ts';

/** The DCS: its members, who holds the leader key and for how long, and what else it remembers. */
export function DcsCard(props: { act: (deed: PlayAction) => void; snapshot: GovernedSnapshot }) {
  const dcs = () => props.snapshot.view.dcs;
  return (
    <article class="governed-dcs" data-majority={dcs().hasMajority} aria-label="The DCS">
      <h3>
        DCS{' '}
        <span class="found">{dcs().hasMajority ? 'has a majority' : 'no majority, no answer'}</span>
      </h3>
      <dl>
        <dt>/leader</dt>
        <dd>
          <Show when={dcs().leader} fallback="nobody">
            {(leader) => (
              <>
                <strong>{leader().name}</strong>, {dcs().hasMajority ? 'ends in ' : 'would end in '}
                {Math.max(0, (leader().expiresAt - props.snapshot.now) / 1e6).toFixed(0)} s
              </>
            )}
          </Show>
        </dd>
        <Show when={dcs().sync}>
          {(sync) => (
            <>
              <dt>/sync</dt>
              <dd>
                {sync().leader}: {sync().members.join(', ') || 'nobody'}
                {sync().quorum > 0 ? `, quorum ${sync().quorum}` : ''}
              </dd>
            </>
          )}
        </Show>
        <Show when={dcs().status}>
          {(status) => (
            <>
              <dt>/status</dt>
              <dd>
                <code>{formatLsn(status().lastLsn)}</code>
              </dd>
            </>
          )}
        </Show>
      </dl>
      <Show when={dcs().paused}>
        <p>Maintenance mode: on</p>
      </Show>
      <div class="tool-row">
        <For each={dcs().members}>
          {({ name, status }) => (
            <button
              type="button"
              class="act"
              aria-pressed={status !== 'up'}
              onClick={() =>
                props.act({ kind: status === 'up' ? 'stopDcs' : 'startDcs', member: name })
              }
            >
              {status === 'up' ? `Stop ${name}` : `Start ${name}`}
            </button>
          )}
        </For>
      </div>
    </article>
  );
}
