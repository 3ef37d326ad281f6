import type { Session } from '../session.ts';
import { whyUnfit } from './earlier-run.ts';
import { type LinkedRun, linkTo, readLink } from './run-link.ts';

const parseRunFile = async (text: string) =>
  (await import('../run-file-schema.ts')).parseRunFile(text);

/** The address that opens this run on this page. */
export async function addressOf(run: LinkedRun): Promise<string> {
  const { origin, pathname, search } = location;
  return `${origin}${pathname}${search}${await linkTo(run)}`;
}

/**
 * The run that the page's address holds.
 * @throws {RunLinkRefused}
 */
export const readPageLink = (): Promise<LinkedRun> => readLink(location.hash, parseRunFile);

/** Offers the run in the page's address to its figure's session, or tells why it cannot be replayed there. */
export async function openLinked(session: Session, run: LinkedRun): Promise<void> {
  const { spec } = session.snapshot.get();
  const unfit = spec && whyUnfit(JSON.stringify({ record: run.record }), spec);
  if (unfit === null) await session.exchange.offerShared(run);
  else
    session.snapshot.change({
      notice: `The run in this link cannot be replayed here: ${unfit}. Your own run is as it was.`,
    });
}
