import { Show } from 'solid-js';
import { ActionButton } from './ActionButton.tsx';
import { Freeze } from './Freeze.tsx';
import { useFigure } from './figure-session.ts';
import { nodeOf, Positions } from './Positions.tsx';

/** One server: its role at a glance, how far it is, and what can be done to it. */
export function NodeCard(props: { figure: string; node: string }) {
  const { snapshot, pick } = useFigure(props.figure);
  const node = () => nodeOf(snapshot().view, props.node);
  const role = pick((s) => nodeOf(s.view, props.node)?.role ?? 'standby');
  const status = pick((s) => nodeOf(s.view, props.node)?.status ?? 'down');
  const paused = pick((s) => nodeOf(s.view, props.node)?.replayPaused ?? false);
  const up = () => status() === 'up';
  return (
    <section
      class="node"
      data-role={role()}
      data-status={status()}
      aria-label={`Node ${props.node}`}
    >
      <header>
        <h3>{props.node}</h3>
        <p class="badges">
          <span class="badge role">{role()}</span>
          <Show when={!up()}>
            <span class="badge status">{status()}</span>
          </Show>
          <Show when={node()?.standby?.syncState}>
            {(state) => <span class="badge">{state()}</span>}
          </Show>
          <Show when={up() && node()?.standby && node()?.standby?.state !== 'streaming'}>
            <span class="badge status">{node()?.standby?.state ?? 'no walsender'}</span>
          </Show>
          <Show when={node()?.frozen.length}>
            <span class="badge frozen">{node()?.frozen.join(', ')} frozen</span>
          </Show>
          <Show when={node()?.replayPaused}>
            <span class="badge frozen">replay paused</span>
          </Show>
        </p>
      </header>
      <Positions figure={props.figure} node={props.node} />
      <details class="tools">
        <summary>Do something to {props.node}</summary>
        <div class="tool-row">
          <Show when={role() === 'standby'}>
            <Freeze figure={props.figure} node={props.node} process="walreceiver" />
            <Freeze figure={props.figure} node={props.node} process="startup" />
            <ActionButton
              figure={props.figure}
              action={{
                kind: 'sql',
                node: props.node,
                session: 'operator',
                sql: paused() ? 'select pg_wal_replay_resume();' : 'select pg_wal_replay_pause();',
              }}
            >
              {paused() ? 'Resume' : 'Pause'} replay
            </ActionButton>
          </Show>
          <Show
            when={status() !== 'down'}
            fallback={
              <ActionButton figure={props.figure} action={{ kind: 'start', node: props.node }}>
                Start
              </ActionButton>
            }
          >
            <ActionButton figure={props.figure} action={{ kind: 'kill', node: props.node }}>
              Kill PostgreSQL
            </ActionButton>
            <ActionButton figure={props.figure} action={{ kind: 'powerOff', node: props.node }}>
              Cut the power
            </ActionButton>
          </Show>
        </div>
      </details>
    </section>
  );
}
