import type { FigureSpec } from '../../content/figures.ts';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import { seenSince } from '../session/live-run.ts';
import { openRun } from '../session/open-run.ts';
import { Player } from '../session/player.ts';
import { parseRunFile } from '../session/run-file-schema.ts';
import { NOTHING_SEEN, type Seen } from '../session/snapshot.ts';

/** A recording that must not get into the course: which figure's, why, and what to do. */
export class RecordingRefused extends Error {
  override readonly name = 'RecordingRefused';

  constructor(figure: string, why: string) {
    super(
      `content/recordings/${figure}.json: ${why}. Play the figure again in the page, “Export run”, and put the file in its place.`,
    );
  }
}

/** The class of errors that a statement meets whose table or syntax is no longer there; others may be what is to be seen. */
const MISTAKEN = '42';

/** Of that class, what a statement is refused for by what it wants: the wrong kind of object, a foreign key to no key, a generated column. */
const LESSONS: readonly string[] = ['42809', '42830', '428C9'];

const isMistaken = (sqlstate: string): boolean =>
  sqlstate.startsWith(MISTAKEN) && !LESSONS.includes(sqlstate);

/** A replay has no pace: nothing here waits. */
const noPace = { nowMs: () => 0, sleep: async () => {} };

/**
 * Plays a recorded run of a figure again, and gives all that a page sees of it.
 * @throws {RecordingRefused} where it does not belong to the figure, or does not come out as a reader should see it.
 */
export async function replayRecording(
  figure: FigureSpec,
  text: string,
  engine: SqlEngine,
): Promise<Seen> {
  const { record } = parsed(figure, text);
  if (JSON.stringify(record.spec) !== JSON.stringify(figure.cluster))
    throw new RecordingRefused(
      figure.id,
      'it starts from another cluster than content/figures.ts gives the figure',
    );
  const cluster = await openRun(record.spec, engine);
  let seen: Seen = NOTHING_SEEN;
  let failure: string | null = null;
  const player = new Player(cluster, record, noPace, (message) => {
    if (message.kind === 'state') seen = seenSince(seen, message);
    if (message.kind === 'failed') failure = message.reason;
  });
  await player.replay(record.until);
  cluster.close();
  if (failure !== null) throw new RecordingRefused(figure.id, failure);
  for (const { sql, node, state, error } of seen.statements) {
    if (state !== 'running' && !(error && isMistaken(error.sqlstate))) continue;
    const said = error ? `${error.severity} ${error.sqlstate} ${error.message}` : 'no answer';
    throw new RecordingRefused(figure.id, `on ${node}, ${sql} comes to: ${said}`);
  }
  return seen;
}

function parsed({ id }: FigureSpec, text: string) {
  try {
    return parseRunFile(text);
  } catch (error) {
    throw new RecordingRefused(id, (error as Error).message.replace(/\.$/, ''));
  }
}
