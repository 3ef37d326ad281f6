import { createSignal, For, Show } from 'solid-js';
import type { ClusterView } from '../../cluster/cluster-view.ts';
import { shownView } from '../../session/snapshot.ts';
import { useBench } from '../bench-state.ts';
import { nodeOf } from '../node-of.ts';
import RestoreForm from './RestoreForm.tsx';
import VerifyForm from './VerifyForm.tsx';
import './restore.css';

const CONF = "restore_command = 'cp /archive/%f %p'\n";

/** Whether a node is a primary that runs and that others follow, or the one that the cluster began with. */
function leadsIn(view: ClusterView | null, name: string): boolean {
  const node = nodeOf(view, name);
  if (node?.role !== 'primary' || node.status !== 'up') return false;
  const isFollowed = view?.nodes.some(({ standby }) => standby?.upstream === name) ?? false;
  return isFollowed || view?.nodes[0]?.name === name;
}

/** Base backups, restores and tables that are carried over: of one server, in the workbench. */
export default function BackupDesk(props: { node: string }) {
  const { figure, session, pick, pickList } = useBench();
  const node = pick((s) => nodeOf(shownView(s), props.node));
  const isUp = () => node()?.status === 'up';
  const isPrimary = () => node()?.role === 'primary';
  /** The cafe lives on it: nothing is restored over it, and no table carried away. */
  const leads = pick((s) => leadsIn(shownView(s), props.node));
  /** Where a table may be carried to. */
  const primaries = pickList((s) =>
    (shownView(s)?.nodes ?? []).flatMap(({ name, role, status }) =>
      name !== props.node && role === 'primary' && status === 'up' ? [name] : [],
    ),
  );
  const [name, setName] = createSignal('tonight');
  const [table, setTable] = createSignal('');
  const [chosen, choose] = createSignal<string | null>(null);
  const target = () => primaries().find((one) => one === chosen()) ?? primaries()[0] ?? '';
  return (
    <div class="desk">
      <Show when={isPrimary() && isUp()}>
        <form
          class="tool-row"
          onSubmit={(event) => {
            event.preventDefault();
            void session.act({ kind: 'backup', node: props.node, name: name().trim() });
          }}
        >
          <label class="choice">
            <span>a base backup named</span>
            <input
              type="text"
              size="10"
              required
              value={name()}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="act">
            Take it
          </button>
        </form>
      </Show>
      <Show when={!leads() && isUp() && primaries().length > 0}>
        <form
          class="tool-row"
          onSubmit={(event) => {
            event.preventDefault();
            const what = { node: target(), from: props.node, table: table().trim() };
            void session.act({ kind: 'copyTable', ...what });
          }}
        >
          <label class="choice">
            <span>the table</span>
            <input
              type="text"
              size="10"
              required
              value={table()}
              onInput={(event) => setTable(event.currentTarget.value)}
            />
          </label>
          <Show when={primaries().length > 1}>
            <label class="choice">
              <span>to</span>
              <select onChange={(event) => choose(event.currentTarget.value)}>
                <For each={primaries()}>
                  {(one) => (
                    <option value={one} selected={one === target()}>
                      {one}
                    </option>
                  )}
                </For>
              </select>
            </label>
          </Show>
          <button type="submit" class="act">
            Carry it to {target()} (pg_dump | psql)
          </button>
        </form>
      </Show>
      <Show when={leads()}>
        <details>
          <summary>Verify a backup</summary>
          <VerifyForm figure={figure} backup={name()} />
        </details>
      </Show>
      <Show when={!leads()}>
        <details>
          <summary>Restore a backup on {props.node}</summary>
          <RestoreForm figure={figure} node={props.node} backup="nightly" conf={CONF} />
        </details>
      </Show>
    </div>
  );
}
