import { createSignal, For, Show } from 'solid-js';
import type { Action } from '../cluster/action.ts';
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
  const button = (kind: 'promote' | 'stop', words: string) => (
    <ActionButton figure={figure} action={{ kind, node: props.node }}>
      {words} <span class="visually-hidden">{props.node}</span>
    </ActionButton>
  );
  const towards = (kind: 'follow' | 'rewind' | 'baseBackup', words: string) => (
    <ActionButton
      figure={figure}
      action={{ kind, node: props.node, upstream: upstream() } satisfies Action}
    >
      {words} <span class="visually-hidden">with {props.node}</span>
    </ActionButton>
  );
  return (
    <>
      <Show when={status() === 'up'}>
        <div class="tool-row">
          {button('stop', 'Shut down (fast)')}
          <Show when={isStandby()}>{button('promote', 'Promote')}</Show>
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
          {towards('follow', status() === 'down' ? 'Follow it (standby.signal)' : 'Follow it')}
          <Show when={status() === 'down'}>{towards('rewind', 'pg_rewind from it')}</Show>
          {towards('baseBackup', 'New base backup from it')}
        </div>
      </Show>
    </>
  );
}
