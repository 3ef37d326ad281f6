import { createSignal, For, Show } from 'solid-js';
import { shownView } from '../session/snapshot.ts';
import { ActionButton } from './ActionButton.tsx';
import { useBench } from './bench-state.ts';
import { nodeOf } from './node-of.ts';

/** What an operator does to a server's role: ends it in good order, promotes it, and lets it follow another server. */
export function RoleControls(props: { node: string }) {
  const { figure, pick, pickList } = useBench();
  const node = pick((s) => nodeOf(shownView(s), props.node));
  const status = () => node()?.status;
  const isStandby = () => node()?.role === 'standby';
  const others = pickList((s) =>
    (shownView(s)?.nodes ?? []).flatMap(({ name }) => (name === props.node ? [] : [name])),
  );
  /** The one that a server should follow as a rule: a primary that runs. */
  const primary = pick(
    (s) =>
      shownView(s)?.nodes.find(
        ({ name, role, status: is }) => name !== props.node && role === 'primary' && is === 'up',
      )?.name,
  );
  const [chosen, choose] = createSignal<string | null>(null);
  const upstream = () => chosen() ?? primary() ?? others()[0] ?? '';
  const towards = (kind: 'follow' | 'rewind' | 'baseBackup') =>
    ({ kind, node: props.node, upstream: upstream() }) as const;
  return (
    <>
      <Show when={status() === 'up'}>
        <div class="tool-row">
          <ActionButton figure={figure} action={{ kind: 'stop', node: props.node }}>
            Shut down (fast) <span class="visually-hidden">{props.node}</span>
          </ActionButton>
          <Show when={isStandby()}>
            <ActionButton figure={figure} action={{ kind: 'promote', node: props.node }}>
              Promote <span class="visually-hidden">{props.node}</span>
            </ActionButton>
          </Show>
        </div>
      </Show>
      <Show when={others().length > 0 && (isStandby() || status() === 'down')}>
        <div class="tool-row">
          <label class="choice">
            <span>
              its upstream <span class="visually-hidden">of {props.node}</span>
            </span>
            <select onChange={(event) => choose(event.currentTarget.value)}>
              <For each={others()}>
                {(name) => (
                  <option value={name} selected={name === upstream()}>
                    {name}
                  </option>
                )}
              </For>
            </select>
          </label>
          <ActionButton figure={figure} action={towards('follow')}>
            Follow it{' '}
            <Show when={status() === 'down'}>
              (<code>standby.signal</code>)
            </Show>
            <span class="visually-hidden">with {props.node}</span>
          </ActionButton>
          <Show when={status() === 'down'}>
            <ActionButton figure={figure} action={towards('rewind')}>
              pg_rewind from it <span class="visually-hidden">with {props.node}</span>
            </ActionButton>
          </Show>
          <ActionButton figure={figure} action={towards('baseBackup')}>
            New base backup from it <span class="visually-hidden">with {props.node}</span>
          </ActionButton>
        </div>
      </Show>
    </>
  );
}
