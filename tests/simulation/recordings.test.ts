import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FigureSpec, figures } from '../../content/figures.ts';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { RecordingRefused, replayRecording } from '../../src/cli/replay-recording.ts';
import type { Moment } from '../../src/session/frames.ts';
import { momentAt } from '../../src/session/frames.ts';
import type { RunRecord } from '../../src/session/protocol.ts';
import { readRecording, recordingText } from '../../src/session/recording.ts';
import { instant } from '../../src/sim/instant.ts';

const engine = await openNodeEngine();
const durability: FigureSpec = figures.durability;
const text = readFileSync(
  new URL('../../content/recordings/durability.json', import.meta.url),
  'utf8',
);

/** The recorded run, changed. */
function changed(change: (record: { -readonly [K in keyof RunRecord]: RunRecord[K] }) => void) {
  const file = JSON.parse(text);
  change(file.record);
  return JSON.stringify(file);
}

describe('a recorded run', () => {
  it('shows a page what a running cluster would, also after the way through a file', async () => {
    const seen = await replayRecording(durability, text, engine);
    const read = readRecording(recordingText(seen));
    const tea = seen.statements.find(({ sql }) => sql.includes("'tea'"));
    const waiting = momentAt(read.frames, read as Moment, instant(9_500_000));
    expect(waiting?.view.waitingCommits).toBe(1);
    expect(waiting?.statements[tea?.id ?? -1]).toMatchObject({ waitEvent: 'SyncRep' });
    const standby1 = waiting?.view.nodes.find(({ name }) => name === 'standby1');
    expect(standby1?.frozen).toEqual(['walreceiver']);
    expect(standby1?.replayBytesPerSecond).toBe(Number.POSITIVE_INFINITY);
    expect(read.statements).toEqual(seen.statements);
    expect(read.events).toEqual(seen.events);
  });

  it.each([
    [
      'a figure whose cluster has changed',
      { ...durability, cluster: { ...durability.cluster, seed: 99 } },
      text,
      'it starts from another cluster than content/figures.ts gives the figure',
    ],
    [
      'an action that is refused',
      durability,
      changed((record) => {
        record.actions = [{ at: instant(0), action: { kind: 'start', node: 'standby1' } }];
      }),
      'is refused when it is replayed: standby1 is running',
    ],
    [
      'a table that is no longer there',
      durability,
      changed((record) => {
        const sql = 'select * from receipts;';
        const action = { kind: 'sql', node: 'primary', session: 'a', sql } as const;
        record.actions = [{ at: instant(0), action }];
      }),
      'on primary, select * from receipts; comes to: ERROR 42P01 relation "receipts" does not exist',
    ],
    ['a damaged file', durability, '{', 'The file is not JSON'],
  ])(
    'is refused for %s, in words that name the file and what to do',
    async (_, figure, run, why) => {
      const refused = replayRecording(figure, run, engine);
      await expect(refused).rejects.toThrow(RecordingRefused);
      await expect(refused).rejects.toThrow(why);
      await expect(refused).rejects.toThrow(
        /^content\/recordings\/durability\.json: .*“Export run”/,
      );
    },
  );
});
