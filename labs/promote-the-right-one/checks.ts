import type { Evidence } from '../../src/grading/evidence.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { parseLsn } from '../../src/postgres/lsn.ts';
import type { Instant } from '../../src/sim/instant.ts';

const STANDBYS = ['standby1', 'standby2', 'standby3'];

const promotions = ({ trace, takenOverAt }: Evidence) =>
  trace.flatMap(({ kind, node, at }) =>
    kind === 'promoted' && node !== null && at >= takenOverAt ? [{ node, at }] : [],
  );

/** How far a node had come by an instant, by what its processes told. */
const reached = ({ trace }: Evidence, node: string, kind: string, by: Instant): number =>
  trace.reduce(
    (furthest, event) =>
      event.kind === kind && event.node === node && event.at <= by
        ? Math.max(furthest, parseLsn(String(event.facts.lsn)))
        : furthest,
    0,
  );

/** The standby that stands first in what was received, or in what was replayed. */
const first = (evidence: Evidence, kind: 'walFlushed' | 'walReplayed'): string | undefined => {
  const by = evidence.takenOverAt;
  return STANDBYS.toSorted(
    (one, other) => reached(evidence, other, kind, by) - reached(evidence, one, kind, by),
  )[0];
};

const leastLoss: Judge = (evidence) => {
  const [king, another] = promotions(evidence);
  if (king === undefined)
    return fail(evidence.drilledAt, 'Nobody was promoted: nobody takes payments.');
  if (another !== undefined)
    return fail(
      another.at,
      `${king.node} was promoted at ${clock(king.at)}, and ${another.node} at ${clock(another.at)}: two histories.`,
    );
  const best = first(evidence, 'walFlushed');
  if (king.node === best)
    return pass(`${king.node} had received most, and replayed all of it when it was promoted.`);
  const by = evidence.takenOverAt;
  const has = reached(evidence, king.node, 'walFlushed', by);
  const most = reached(evidence, best ?? '', 'walFlushed', by);
  const lost = evidence.requests.filter(
    ({ lsn, outcome }) => outcome === 'acknowledged' && lsn !== null && lsn > has && lsn <= most,
  );
  const why =
    king.node === first(evidence, 'walReplayed')
      ? `It had replayed most, but ${best} had received more, and a promotion replays first what was received.`
      : `It had neither received nor replayed most.`;
  return fail(
    king.at,
    `${king.node} was promoted at ${clock(king.at)}. ${why} ${lost.length} payments that were acknowledged, and that ${best} has, are lost.`,
  );
};

const rowsOn = ({ found }: Evidence, node: string): readonly (string | null)[] | null =>
  found[`rows-${node}`]?.rows[0] ?? null;

const streams = ({ found }: Evidence): readonly string[] =>
  (found.streams?.rows ?? []).map(([name]) => String(name));

/** The rest is judged once the right one is promoted. */
const notYet = (evidence: Evidence) =>
  promotions(evidence)[0]?.node === 'standby2'
    ? null
    : inconclusive(evidence.drilledAt, 'The one that has most was not promoted.');

const othersFollow: Judge = (evidence) => {
  const early = notYet(evidence);
  if (early !== null) return early;
  const missing = ['standby1', 'standby3'].find((one) => !streams(evidence).includes(one));
  return missing === undefined
    ? pass('Both stream from standby2, on its timeline.')
    : fail(
        evidence.drilledAt,
        `${missing} does not stream from standby2. It gets no payment any more.`,
      );
};

const oldOneRejoins: Judge = (evidence) => {
  const early = notYet(evidence);
  if (early !== null) return early;
  const { drilledAt } = evidence;
  const [own, theirs] = [rowsOn(evidence, 'primary'), rowsOn(evidence, 'standby2')];
  if (own === null) return fail(drilledAt, 'primary does not answer: it is not back.');
  if (own[0] === 'f')
    return fail(
      drilledAt,
      'primary is up and takes payments of its own. There are two primaries, and nothing tells the tills which one counts.',
    );
  const known = new Set((theirs?.[1] ?? '').split(','));
  const extra = (own[1] ?? '').split(',').filter((id) => !known.has(id)).length;
  if (extra > 0)
    return fail(
      drilledAt,
      `primary runs as a standby and still shows payments that nobody else has (${extra} of them). It cannot go over to the new timeline: it has replayed past the fork.`,
    );
  if (own[1] !== theirs?.[1] || !streams(evidence).includes('primary'))
    return fail(drilledAt, 'primary does not stream from standby2.');
  return pass('primary streams from standby2, and has the same payments.');
};

const FATES = {
  table1: ['aborted', 'no commit record was ever written, and the block ended with its server'],
  table2: ['prepared', 'PREPARE is in the WAL, and every standby had it'],
  table3: ['lost', 'no cable was left to carry it, and local asks for none'],
  table4: ['kept', 'the cable of standby2 still worked then'],
  table5: ['doubt', 'the wait was for standby3, but the record had gone to standby2 all the same'],
} as const;

const fates: Judge = ({ answers, drilledAt }) => {
  for (const [id, [right, why]] of Object.entries(FATES)) {
    const given = answers.findLast((answer) => answer.id === id);
    const table = `Table ${id.slice(5)}`;
    if (given === undefined) return inconclusive(drilledAt, `${table} has no answer yet.`);
    if (given.text !== right)
      return fail(given.at, `${table} is not "${given.text}" but "${right}": ${why}.`);
  }
  return pass('All five are sorted.');
};

export const judges = {
  'least-loss': leastLoss,
  'others-follow': othersFollow,
  'old-one-rejoins': oldOneRejoins,
  fates,
};
