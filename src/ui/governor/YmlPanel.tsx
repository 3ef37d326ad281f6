import { createMemo, For, Show } from 'solid-js';
import { readPatroniYml } from '../../ha/patroni-yml/patroni-yml.ts';
import { lineOf } from '../../ha/patroni-yml/problem.ts';
import { YmlEditor } from '../editor/YmlEditor.tsx';
import { scripts } from './scripts.ts';

/** patroni.yml of all nodes: what Patroni would say of it, at its lines, and a new cluster from it. */
export function YmlPanel(props: {
  text: string;
  setText: (text: string) => void;
  /** A new cluster is to begin with this file. */
  bootstrap: (text: string) => void;
}) {
  const read = createMemo(() => readPatroniYml(props.text, scripts));
  const bootstrap = () => props.bootstrap(props.text);
  return (
    <div class="yml">
      <YmlEditor
        label="patroni.yml of all three nodes"
        value={props.text}
        onChange={props.setText}
        onRun={bootstrap}
        problems={read().problems}
        rows={14}
      />
      <ul class="problems" aria-live="polite">
        <For each={read().problems} fallback={<li>Nothing to complain about.</li>}>
          {({ from, severity, message }) => (
            <li data-severity={severity}>
              <strong>Line {lineOf(props.text, from)}:</strong> {message}
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
