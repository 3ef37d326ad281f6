import type { Session } from '../session.ts';
import { whyUnfit } from './earlier-run.ts';
import { LINK_MARK, type LinkedRun, linkTo, readLink } from './run-link.ts';

const parseRunFile = async (text: string) =>
  (await import('../run-file-schema.ts')).parseRunFile(text);

/** The address that opens this run on this page. */
export async function addressOf(run: LinkedRun): Promise<string> {
  const { origin, pathname, search } = location;
  return `${origin}${pathname}${search}${await linkTo(run)}`;
}

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
      const run = await readLink(location.hash, parseRunFile);
      if (run.of === figure) await open(session, run);
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

async function open(session: Session, run: LinkedRun): Promise<void> {
  const { spec } = session.snapshot.get();
  const unfit = spec && whyUnfit(JSON.stringify({ record: run.record }), spec);
  if (unfit === null) await session.exchange.offerShared(run);
  else
    session.snapshot.change({
      notice: `The run in this link cannot be replayed here: ${unfit}. Your own run is as it was.`,
    });
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
