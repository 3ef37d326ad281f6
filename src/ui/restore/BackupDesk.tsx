import { createSignal, Show } from 'solid-js';
import { shownView } from '../../session/snapshot.ts';
import { useBench } from '../bench-state.ts';
import { nodeOf } from '../node-of.ts';
import RestoreForm from './RestoreForm.tsx';
import './restore.css';

const CONF = "restore_command = 'cp /archive/%f %p'\n";

/** Base backups, restores and tables that are carried over: of one server, in the workbench. */
export default function BackupDesk(props: { node: string }) {
  const { figure, session, pick } = useBench();
  const node = pick((s) => nodeOf(shownView(s), props.node));
  const primary = pick((s) => shownView(s)?.nodes[0]?.name ?? '');
  const [name, setName] = createSignal('tonight');
  const [table, setTable] = createSignal('');
  const isFirst = () => props.node === primary();
  return (
    <div class="desk">
      <Show when={isFirst() && node()?.status === 'up'}>
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
      <Show when={!isFirst() && node()?.status === 'up'}>
        <form
          class="tool-row"
          onSubmit={(event) => {
            event.preventDefault();
            const what = { node: primary(), from: props.node, table: table().trim() };
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
          <button type="submit" class="act">
            Carry it to {primary()} (pg_dump | psql)
          </button>
        </form>
      </Show>
      <Show when={!isFirst()}>
        <details>
          <summary>Restore a backup on {props.node}</summary>
          <RestoreForm figure={figure} node={props.node} backup="nightly" conf={CONF} />
        </details>
      </Show>
    </div>
  );
}
