import type { Session } from '../session.ts';
import { LINK_MARK } from './link-mark.ts';

/**
 * Opens the run that the page's address holds, now and whenever the address changes, if it is one of this figure. The
 * first of the page's figures says what is wrong with a link that opens nowhere. Returns how to end the watch.
 */
export function watchAddress(
  figure: string,
  session: Session,
  ofPage: readonly string[],
): () => void {
  const tell = (notice: string) => {
    if (ofPage[0] === figure) session.snapshot.change({ notice });
  };
  const look = async () => {
    if (!location.hash.startsWith(LINK_MARK)) return;
    try {
      const { openLinked, readPageLink } = await import('./linked-run.ts');
      const run = await readPageLink();
      if (run.of === figure) await openLinked(session, run);
      else if (!ofPage.includes(run.of))
        tell(
          `This link opens a run of “${run.of}”, and no figure or lab of this page has that name.`,
        );
    } catch (error) {
      tell((error as Error).message);
    }
  };
  void look();
  addEventListener('hashchange', look);
  const stop = session.snapshot.watch(forgetWhenLeft());
  return () => {
    removeEventListener('hashchange', look);
    stop();
  };
}

/** A shared run that has been left, or made one's own, is not to come again with a reload. */
function forgetWhenLeft(): (snapshot: { readonly shared: unknown }) => void {
  let was = false;
  return ({ shared }) => {
    if (was && !shared && location.hash.startsWith(LINK_MARK))
      history.replaceState(null, '', location.pathname + location.search);
    was = shared !== null;
  };
}
