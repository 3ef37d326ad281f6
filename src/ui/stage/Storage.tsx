import { For, Show } from 'solid-js';
import type { NodeView } from '../../cluster/cluster-view.ts';
import type { SlotView } from '../../postgres/replication-view.ts';
import { WAL_SEGMENT_SIZE } from '../../postgres/wal/page.ts';
import { bytesOf } from '../time-words.ts';
import { counted } from './message-words.ts';
import './storage.css';

/** What a node's pg_wal holds and for whom: its slots and its archive; and why a standby gets none. */
export function Storage(props: { node: NodeView }) {
  const segments = () => props.node.walUsed / WAL_SEGMENT_SIZE;
  return (
    <dl class="storage" aria-label={`What ${props.node.name} keeps`}>
      <Show when={props.node.streamingError}>
        {(error) => (
          <div data-trouble="true">
            <dt>last error</dt>
            <dd>{error()}</dd>
          </div>
        )}
      </Show>
      <Show when={props.node.role === 'primary' || props.node.slots.length > 0}>
        <div>
          <dt>pg_wal</dt>
          <dd>
            {counted(segments(), 'segment')}
            <Show when={Number.isFinite(props.node.walVolume)}>
              {' '}
              of {counted(Math.floor(props.node.walVolume / WAL_SEGMENT_SIZE), 'segment')}{' '}
              <meter
                min={0}
                max={props.node.walVolume}
                high={props.node.walVolume * 0.75}
                value={props.node.walUsed}
                aria-label={`pg_wal of ${props.node.name}`}
              />
            </Show>
          </dd>
        </div>
      </Show>
      <For each={props.node.slots}>
        {(slot) => (
          <div data-trouble={isTrouble(slot)}>
            <dt>slot {slot.name}</dt>
            <dd>{slotInWords(slot, props.node)}</dd>
          </div>
        )}
      </For>
      <Show when={props.node.archiver}>
        {(archiver) => (
          <div data-trouble={archiver().failing !== null}>
            <dt>archive</dt>
            <dd>
              {archiver().failing === null
                ? counted(archiver().archived, 'segment')
                : `fails at ${archiver().failing}`}
              <Show when={archiver().waiting > 0}>, {archiver().waiting} waiting</Show>
            </dd>
          </div>
        )}
      </Show>
    </dl>
  );
}

const isTrouble = ({ walStatus }: SlotView): boolean =>
  walStatus === 'lost' || walStatus === 'unreserved';

function slotInWords(slot: SlotView, { writeLsn }: NodeView): string {
  const used = slot.connection === null ? 'inactive' : 'active';
  if (slot.invalidation !== null) return `${used}, lost (${slot.invalidation})`;
  if (slot.restartLsn === null) return `${used}, keeps nothing`;
  return `${used}, keeps ${bytesOf(Math.max(0, writeLsn - slot.restartLsn))}, ${slot.walStatus}`;
}
