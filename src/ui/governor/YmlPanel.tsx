import { createMemo, For, Show } from 'solid-js';
import { readPatroniYml } from '../../ha/patroni-yml/patroni-yml.ts';
import { lineOf } from '../../ha/patroni-yml/problem.ts';
import { YmlEditor } from '../editor/YmlEditor.tsx';
import type { GovernorSession } from './governor-session.ts';
import { scripts } from './scripts.ts';

/** patroni.yml of all nodes: what Patroni would say of it, at its lines, and a new cluster from it. */
export function YmlPanel(props: { session: GovernorSession }) {
  const read = createMemo(() => readPatroniYml(props.session.text(), scripts));
  const bootstrap = () => void props.session.bootstrap(props.session.text());
  return (
    <div class="yml">
      <YmlEditor
        label="patroni.yml of all three nodes"
        value={props.session.text()}
        onChange={props.session.setText}
        onRun={bootstrap}
        problems={read().problems}
        rows={14}
      />
      <ul class="problems" aria-live="polite">
        <For each={read().problems} fallback={<li>Nothing to complain about.</li>}>
          {({ from, severity, message }) => (
            <li data-severity={severity}>
              <strong>Line {lineOf(props.session.text(), from)}:</strong> {message}
            </li>
          )}
        </For>
      </ul>
      <div class="tool-row">
        <button type="button" class="act primary" disabled={!read().starts} onClick={bootstrap}>
          New cluster with this file
        </button>
        <Show when={!read().starts}>
          <span class="soft">Patroni does not start with it.</span>
        </Show>
      </div>
    </div>
  );
}
