import { Show } from 'solid-js';
import type { NodeView } from '../../cluster/cluster-view.ts';

/**
 * A server as a picture: a drum of disks. Full for a primary, hollow for a standby, crossed out when down, half full
 * while it starts, with two bars while a process of it stands still. It reads without colour.
 */
export function NodeGlyph(props: { node: NodeView }) {
  const held = () => props.node.frozen.length > 0 || props.node.replayPaused;
  const state = () => (props.node.status === 'up' && held() ? 'held' : props.node.status);
  return (
    <svg
      class="glyph"
      viewBox="0 0 32 36"
      data-role={props.node.role}
      data-state={state()}
      aria-hidden="true"
    >
      <path class="drum" d="M3 8v20c0 3 6 5.5 13 5.5s13-2.500 13-5.5V8" />
      <ellipse class="lid" cx="16" cy="8" rx="13" ry="5.5" />
      <path class="ring" d="M3 18c0 3 6 5.500 13 5.500s13-2.500 13-5.500" />
      <Show when={state() === 'starting'}>
        <path
          class="filling"
          d="M3 22v6c0 3 6 5.500 13 5.500s13-2.500 13-5.500v-6c0 3-6 5.500-13 5.500s-13-2.500-13-5.500z"
        />
      </Show>
      <Show when={state() === 'down'}>
        <path class="cross" d="M6 12 26 32M26 12 6 32" />
      </Show>
      <Show when={state() === 'held'}>
        <path class="bars" d="M12 15v14M20 15v14" />
      </Show>
    </svg>
  );
}
