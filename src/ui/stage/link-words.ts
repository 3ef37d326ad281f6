/** What the drawing says of a cable. */
import type { LinkView } from '../../cluster/cluster-view.ts';
import { LINK_DELAY } from '../../postgres/replication-state.ts';
import { toMs } from '../../sim/instant.ts';
import { rateInWords } from '../time-words.ts';

/** On the cable itself: short. */
export function labelOf({ cut, delay, bytesPerSecond, lossRatio }: LinkView): string {
  if (cut) return 'cut';
  const parts = [`${toMs(delay)} ms`];
  if (Number.isFinite(bytesPerSecond))
    parts.push(rateInWords(bytesPerSecond).replace(' a second', '/s'));
  if (lossRatio > 0) parts.push(`−${lossRatio * 100} %`);
  return parts.join(' · ');
}

export type LinkState = 'cut' | 'slow' | 'well';

/** Slow is what is slower than the cables that a cluster starts with. */
export function stateOf({ cut, delay, bytesPerSecond, lossRatio }: LinkView): LinkState {
  if (cut) return 'cut';
  return delay > LINK_DELAY || Number.isFinite(bytesPerSecond) || lossRatio > 0 ? 'slow' : 'well';
}

export const nameOfLink = ({ a, b }: Pick<LinkView, 'a' | 'b'>): string => `${a} – ${b}`;
