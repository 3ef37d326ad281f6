import type { ExperimentResult } from '../../session/experiment-protocol.ts';
import type { Session } from '../../session/session.ts';
import type { Instant } from '../../sim/instant.ts';

/** Shows the run of an experiment in a figure of this page, at one of its moments. The reader’s own run there is left as it is. */
export async function openResult(
  figure: string,
  session: Session,
  { record }: ExperimentResult,
  at: Instant,
): Promise<void> {
  await session.exchange.offerShared({ record, at });
  document
    .querySelector(`.figure[data-figure="${CSS.escape(figure)}"]`)
    ?.scrollIntoView({ block: 'start' });
  await session.start();
}
