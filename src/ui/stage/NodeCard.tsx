import { lazy, Show, Suspense } from 'solid-js';
import type { NodeView } from '../../cluster/cluster-view.ts';
import { shownView } from '../../session/snapshot.ts';
import { sameSelection, useBench } from '../bench-state.ts';
import { nodeOf } from '../node-of.ts';
import { Positions } from '../Positions.tsx';
import { NodeGlyph } from './NodeGlyph.tsx';

const Storage = lazy(async () => ({ default: (await import('./Storage.tsx')).Storage }));

const hasStorage = (node: NodeView | null | undefined): boolean =>
  !!node &&
  (node.slots.length > 0 ||
    node.archiver !== null ||
    node.streamingError !== null ||
    Number.isFinite(node.walVolume));

/** One server in the drawing: its role at a glance, how it is, and how far its WAL has come. Its head opens what can be done to it. */
export function NodeCard(props: { node: string; panel: string }) {
  const { figure, pick, selection, select } = useBench();
  const node = pick((s) => nodeOf(shownView(s), props.node));
  const up = () => node()?.status === 'up';
  const chosen = () => sameSelection(selection(), { kind: 'node', node: props.node });
  return (
    <section
      class="node"
      data-node={props.node}
      data-role={node()?.role}
      data-status={node()?.status}
      data-held={(node()?.frozen.length ?? 0) > 0 || node()?.replayPaused}
      data-chosen={chosen()}
      aria-label={`Node ${props.node}`}
    >
      <header>
        <h3>
          <button
            type="button"
            class="node-head"
            aria-expanded={chosen()}
            aria-controls={props.panel}
            onClick={() => select({ kind: 'node', node: props.node })}
          >
            <Show when={node()}>{(shown) => <NodeGlyph node={shown()} />}</Show>
            {props.node}
            <span class="visually-hidden">: what can be done to it</span>
          </button>
        </h3>
        <p class="badges">
          <span class="badge role">{node()?.role}</span>
          <Show when={!up()}>
            <span class="badge status">{node()?.status}</span>
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
          <Show when={node()?.fsyncTime === Number.POSITIVE_INFINITY}>
            <span class="badge status">disk stalls</span>
          </Show>
        </p>
      </header>
      <Positions figure={figure} node={props.node} />
      <Show when={hasStorage(node()) && node()}>
        {(shown) => (
          <Suspense>
            <Storage node={shown()} />
          </Suspense>
        )}
      </Show>
    </section>
  );
}
