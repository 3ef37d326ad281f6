import { createMemo, For, Show } from 'solid-js';
import type { PlayAction } from '../../ha/play/play.ts';
import { shownEvents, shownView } from '../../session/snapshot.ts';
import { useBench } from '../bench-state.ts';
import { DcsCard } from './DcsCard.tsx';
import { actionOf } from './deed-action.ts';
import { clusterSnapshot } from './governed-snapshot.ts';
import { Lanes } from './Lanes.tsx';
import { PatroniCard } from './PatroniCard.tsx';
import { ProxyCard } from './ProxyCard.tsx';
import './governor.css';

/** What governs the servers of a workbench: a Patroni beside each, the DCS, the proxy, and who was primary when. */
export default function GovernedBoard() {
  const { session, snapshot: seen, pickList } = useBench();
  const snapshot = createMemo(() => {
    const view = shownView(seen());
    return view && clusterSnapshot(view, shownEvents(seen()));
  });
  const nodes = pickList((s) => shownView(s)?.nodes.map(({ name }) => name) ?? []);
  const act = (deed: PlayAction) => {
    const action = actionOf(deed);
    if (action !== null) void session.act(action);
  };
  return (
    <Show when={snapshot()}>
      {(governed) => (
        <section class="governor" aria-label="What governs them">
          <div class="governed">
            <div class="governed-nodes">
              <For each={nodes()}>
                {(node) => <PatroniCard act={act} snapshot={governed()} node={node} />}
              </For>
            </div>
            <div class="governed-rest">
              <DcsCard act={act} snapshot={governed()} />
              <ProxyCard snapshot={governed()} />
            </div>
          </div>
          <Lanes snapshot={governed()} done={[]} />
        </section>
      )}
    </Show>
  );
}
