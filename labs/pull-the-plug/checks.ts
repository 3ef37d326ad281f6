import type { TraceEvent } from '../../src/cluster/cluster-view.ts';
import type { Evidence, FireRecord, Poll } from '../../src/grading/evidence.ts';
import type { Request } from '../../src/grading/history.ts';
import { misshapen } from '../../src/grading/polls.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { formatLsn, type Lsn, parseLsn } from '../../src/postgres/lsn.ts';
import { between, type Instant, ms } from '../../src/sim/instant.ts';

/** Up to three rounds of the walwriter (200 ms each), and an fsync. */
const YOUNG = ms(650);
/** What the site does with nothing to wait for: two visitors, who think for 0.2 s and are answered in 0.1 ms. */
const CLICKS_A_SECOND = 2 / 0.2001;
const SHARE = 0.9;
/** Kilobytes of a full-page image of `menu`, with the record around it, as measured; the learner may round. */
const IMAGE = { least: 6.5, most: 9.5 };

type Told = Request & { readonly answeredAt: Instant };
const isTold = (one: Request): one is Told =>
  one.outcome === 'acknowledged' && one.answeredAt !== null;

const by = ({ requests }: Evidence, client: string): readonly Told[] =>
  requests.filter((one) => one.client.startsWith(client)).filter(isTold);

/** The power cuts of the drill, with the rows that were there when the server was up again. */
const cuts = ({ rounds }: Evidence): readonly FireRecord[] =>
  rounds.flatMap(({ fire }) => (fire === null ? [] : [fire]));

/** The first request of a client that is missing after a cut, of those that were told so long before. */
function missing(evidence: Evidence, client: string, age: number) {
  let before = evidence.drilledAt;
  for (const { at, keys } of cuts(evidence)) {
    if (keys === null)
      return { unread: inconclusive(at, 'The server could not be read after a power cut.') };
    // What an earlier cut took is missing still, and was judged then.
    const since = before;
    const lost = by(evidence, client).find(
      ({ answeredAt, key }) => answeredAt > since && answeredAt + age <= at && !keys.has(key),
    );
    if (lost) return { lost, at };
    before = at;
  }
  return null;
}

/** Whether the disk was asked at all when the power went. */
const syncedAt = ({ trace }: Evidence, at: Instant): boolean =>
  trace.find((event) => event.kind === 'poweredOff' && event.at === at)?.facts.fsync !== false;

const payments: Judge = (evidence) => {
  const found = missing(evidence, 'till', 0);
  if (found?.unread) return found.unread;
  if (!found?.lost)
    return pass(`${by(evidence, 'till').length} payments were acknowledged, and all are there.`);
  const { lost, at } = found;
  const why = syncedAt(evidence, at)
    ? 'Its customer was told before its WAL was on the disk: the commit waited for nobody.'
    : 'fsync was off: the server took for flushed what it had only written, and the disk was never asked.';
  return fail(
    at,
    `Payment ${lost.key} was acknowledged at ${clock(lost.answeredAt)}. At ${clock(at)} the power went, and it is not there any more. ${why}`,
  );
};

const clicks: Judge = (evidence) => {
  const found = missing(evidence, 'site', YOUNG);
  if (found?.unread) return found.unread;
  if (!found?.lost)
    return pass(`In ${cuts(evidence).length} power cuts only clicks of the last 650 ms were lost.`);
  const { lost, at } = found;
  const why = syncedAt(evidence, at)
    ? 'No round of the walwriter had come by: three of them are the longest that a commit at off may wait, and wal_writer_delay says how long one takes.'
    : 'fsync was off, so that no round of the walwriter brought anything to the disk.';
  return fail(
    at,
    `Click ${lost.key} was answered at ${clock(lost.answeredAt)}, ${inMs(between(lost.answeredAt, at))} before the power went at ${clock(at)}, and is gone. ${why}`,
  );
};

const currentAnswer = ({ answers }: Evidence, id: string): string =>
  answers.findLast((one) => one.id === id)?.text ?? '';

const throughput: Judge = (evidence) => {
  const quiet = evidence.rounds.find(({ fire }) => fire === null);
  if (!quiet) return inconclusive(evidence.drilledAt, 'There was no quiet evening.');
  const { from, to } = quiet;
  const count = by(evidence, 'site').filter(
    ({ answeredAt }) => answeredAt >= from && answeredAt < to,
  ).length;
  const possible = (CLICKS_A_SECOND * between(from, to)) / 1e6;
  const share = Math.round((100 * count) / possible);
  const says = `In the busy evening from ${clock(from)} the site counted ${count} clicks, ${share} % of what it does when nothing is waited for`;
  if (count >= SHARE * possible) return pass(`${says}.`);
  const outside = /^\s*set local/i.test(currentAnswer(evidence, 'clicks'));
  return fail(
    from,
    `${says}; ${SHARE * 100} % are asked for. ${
      outside
        ? 'Its SET LOCAL had ended before the transaction began, and each click waited for the disk: alone it is a transaction of its own, and psql warns of it (25P01).'
        : 'Each click waited for its own flush: its level when it committed was not off.'
    }`,
  );
};

const survives: Judge = ({ polls, drilledAt, trace }) => {
  const asked = polls.filter(({ error }) => error?.sqlstate !== '08006');
  const [first] = asked;
  if (!first) return inconclusive(drilledAt, 'No query tells the position.');
  const flushes = trace.filter(({ kind }) => kind === 'walFlushed');
  const wrong = asked.flatMap((poll) => {
    const why = misshapen(poll, ['position'], 'and more') ?? wrongPosition(poll, flushes);
    return why === null ? [] : [{ poll, why }];
  });
  // What was in nobody's file tells a guess apart best.
  const worst = wrong.find(({ why }) => why.includes(OWN_MEMORY)) ?? wrong[0];
  if (worst) return fail(worst.poll.at, worst.why);
  return pass(`Asked ${asked.length} times, it told the last byte that the disk had.`);
};

const OWN_MEMORY = 'in PostgreSQL’s own memory';

function wrongPosition(poll: Poll, flushes: readonly TraceEvent[]): string | null {
  const [row, ...more] = poll.rows;
  if (!row || more.length > 0)
    return `Asked at ${clock(poll.at)}, your query returns ${poll.rowCount} rows. One position is asked for.`;
  const node = poll.view.nodes.find(({ name }) => name === poll.node);
  const said = lsnOf(row[0] ?? '');
  if (!node || said === null)
    return `Asked at ${clock(poll.at)}, your query says "${row[0]}", which is no position in WAL.`;
  const meanwhile = flushes.filter(({ at }) => at >= poll.at && at <= poll.answeredAt);
  if (said === node.flushLsn || meanwhile.some(({ facts }) => facts.lsn === formatLsn(said)))
    return null;
  const at = `Asked at ${clock(poll.at)}, your query says ${formatLsn(said)}. The disk had the WAL up to ${formatLsn(node.flushLsn)}`;
  if (said > node.flushLsn && said <= node.writeLsn)
    return `${at}; what lies between was written, and is in the kernel’s memory. The power takes it.`;
  if (said > node.flushLsn)
    return `${at}; what lies between is ${OWN_MEMORY}, or not there at all. The power takes it.`;
  return `${at}: more than you say.`;
}

function lsnOf(text: string): Lsn | null {
  try {
    return parseLsn(text);
  } catch {
    return null;
  }
}

const image: Judge = (evidence) => {
  const text = currentAnswer(evidence, 'image');
  const { drilledAt } = evidence;
  if (text === '') return fail(drilledAt, 'You have not said how much WAL it is.');
  const said = Number(text);
  if (said >= IMAGE.least && said <= IMAGE.most)
    return pass('The record carries an image of the whole page, less the hole in its middle.');
  return fail(
    drilledAt,
    said < IMAGE.least
      ? `You say ${said} kB. So little is written by an UPDATE that is not the first since a checkpoint: the first one takes its page along, 8 kB less the hole in it.`
      : `You say ${said} kB. The record is about one page of 8 kB long: others may stand beside it, of hint bits or of other sessions.`,
  );
};

const inMs = (length: number): string => `${(length / 1_000).toFixed(0)} ms`;

export const judges = { payments, clicks, throughput, survives, image };
