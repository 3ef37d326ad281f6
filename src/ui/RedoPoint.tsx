import type { NodeView } from '../cluster/cluster-view.ts';
import { formatLsn } from '../postgres/lsn.ts';
import { bytesOf } from './time-words.ts';

/** Where a primary's crash recovery would begin, and how much WAL it would read. */
export function RedoPoint(props: { node: NodeView }) {
  const length = () => Math.max(0, props.node.writeLsn - props.node.redoLsn);
  return (
    <p class="redo">
      Crash recovery would begin at {formatLsn(props.node.redoLsn)} and read {bytesOf(length())}.
    </p>
  );
}
