import { governorSpec } from '../../ha/patroni-yml/governor-spec.ts';
import { readPatroniYml } from '../../ha/patroni-yml/patroni-yml.ts';
import type { Session } from '../../session/session.ts';
import { governedFile } from './governed-file.ts';
import { scripts } from './scripts.ts';

/** A new cluster from a patroni.yml, in the place of the one that a figure has. Does nothing where Patroni does not start with it. */
export async function bootstrapFigure(
  figure: string,
  session: Session,
  text: string,
  withoutWatchdog: readonly string[] = [],
): Promise<void> {
  const yml = readPatroniYml(text, scripts);
  governedFile(figure).setText(text);
  if (yml.starts) await session.startGoverned(governorSpec(yml, withoutWatchdog));
}
