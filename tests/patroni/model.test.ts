import { describe, expect, it } from 'vitest';
import type { RecordLine } from '../../src/ha/patroni-record.ts';
import { modelled, sinceFirstStep } from './modelled.ts';
import { recorded, recordedNames, stretches } from './recorded.ts';

/** One turn of Patroni's loop: what chance of its phase may shift an event by, in ms. */
const LOOP_MS = 10_000;

/**
 * How many turns of the race were lost in the record because each candidate found the other ahead of it: each had read its own
 * position a moment before it heard the other's, and a primary that nobody leads was writing meanwhile. On a busy machine that
 * moment is long enough for a write; whether it is, is chance.
 */
const lostTurns = (lines: readonly RecordLine[]): number =>
  lines.filter(
    (line) =>
      line.kind === 'log' && /^Wal position of \w+ is ahead of my wal position$/.test(line.text),
  ).length / 2;

/** Nodes in the order in which they came to take writes, with the instant, in ms since the first step. */
type Reigns = readonly { readonly node: string; readonly from: number; readonly to: number }[];

const realReigns = (name: string): Reigns =>
  stretches(recorded(name).lines, 'primary').toSorted((one, other) => one.from - other.from);

function modelReigns(name: string, seed: number): Reigns {
  const { lines } = recorded(name);
  const play = modelled(recorded(name), seed);
  const end = lines.at(-1)?.at ?? 0;
  return Object.entries(play.history.found)
    .flatMap(([node, all]) =>
      all.flatMap(({ at, is }, index) => {
        if (is !== 'primary') return [];
        const next = all[index + 1];
        const to = next === undefined ? end : Math.min(end, sinceFirstStep(next.at));
        return to < 0 ? [] : [{ node, from: Math.max(0, sinceFirstStep(at)), to }];
      }),
    )
    .toSorted((one, other) => one.from - other.from);
}

/** Standbys that nothing tells apart go by the order in which they came to lead. */
function inOrder(reigns: Reigns): string[] {
  const known = ['node1'];
  return reigns.map(({ node }) => {
    if (!known.includes(node)) known.push(node);
    return `leader ${known.indexOf(node) + 1}`;
  });
}

/** Lines that a decision of Patroni's leaves, whoever made it. */
const DECISIONS = [
  /^promoted self to leader by acquiring session lock$/,
  /^promoted self to leader because I had the session lock$/,
  /^demoting self because DCS is not accessible and I was a leader$/,
  /^demoting self because I do not have the lock and I was a leader$/,
  /^Demoting self \(.*\)$/,
  /^My wal position exceeds maximum replication lag$/,
  /^switchover: demoting myself$/,
  /^PAUSE: no action\. I am/,
  /^continue to run as a leader because failsafe mode is enabled and all members are accessible$/,
  /^running pg_rewind from /,
  /^Assigning synchronous_standby_names to /,
  /^Synchronous standby status assigned to /,
];

const decisions = (texts: readonly string[]): readonly string[] =>
  DECISIONS.filter((decision) => texts.some((text) => decision.test(text))).map(String);

describe.each(recordedNames)('the model on the schedule %s', (name) => {
  const real = realReigns(name);

  it.each([1, 2, 3])(
    'has the same primaries, one after another, at the same times (seed %i)',
    (seed) => {
      const model = modelReigns(name, seed);
      const apart = LOOP_MS * (1 + lostTurns(recorded(name).lines)) + 3000;
      expect(inOrder(model)).toEqual(inOrder(real));
      real.forEach((reign, index) => {
        expect(Math.abs((model[index]?.from ?? Number.NaN) - reign.from)).toBeLessThan(apart);
        expect(Math.abs((model[index]?.to ?? Number.NaN) - reign.to)).toBeLessThan(apart);
      });
    },
  );

  it('decides as Patroni does, in Patroni’s words', () => {
    const { lines } = recorded(name);
    const said = lines.flatMap((line) => (line.kind === 'log' && line.at >= 0 ? [line.text] : []));
    const play = modelled(recorded(name), 1);
    const model = play.history.lines
      .filter(({ at }) => sinceFirstStep(at) >= 0)
      .map(({ text }) => text);
    expect(decisions(model)).toEqual(expect.arrayContaining([...decisions(said)]));
  });
});
