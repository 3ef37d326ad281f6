import { Drafts } from './drafts.ts';
import { keepsakes } from './page-keep.ts';

/** For every field that a learner types into: `drafts.read(figure, field)`, `drafts.write(figure, field, text)`. */
export const drafts = new Drafts(keepsakes, (task, ms) => setTimeout(task, ms));

if (typeof document !== 'undefined') {
  addEventListener('pagehide', () => drafts.flush());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') drafts.flush();
  });
}
