import type { TraceEvent } from '../../src/cluster/cluster-view.ts';
import type { Evidence } from '../../src/grading/evidence.ts';
import type { Request } from '../../src/grading/history.ts';
import { troubleOf } from '../../src/grading/lag.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { after, between, type Instant, seconds } from '../../src/sim/instant.ts';

const MOST_LAG = seconds(5);
const MOST_GROWTH = 1.2;
const ORDERS = 'postgres.public.orders';
const SLICES = 5;

const lastAnswer = ({ answers }: Evidence, id: string): string | null =>
  answers.findLast((one) => one.id === id)?.text ?? null;

const placeOf = (evidence: Evidence): string => lastAnswer(evidence, 'place') ?? 'standby2';

const inSeconds = (from: Instant, to: Instant): string => (between(from, to) / 1e6).toFixed(1);

function whyCancelled(request: Request, first: Request | undefined, place: string): string {
  const at = request.answeredAt ?? request.sentAt;
  const lasted = inSeconds(request.sentAt, at);
  const overlaps =
    first !== undefined &&
    first !== request &&
    first.outcome === 'acknowledged' &&
    first.answeredAt;
  return overlaps
    ? `The second report was cancelled at ${clock(at)}, after ${lasted} s: the first had ended well, and the patience of ${place} had been used up with it. It counts from the receipt of WAL, not from the beginning of a query.`
    : `The report on ${place} was cancelled at ${clock(at)}, after ${lasted} s: replay had waited for it as long as it may.`;
}

const reportsEnd: Judge = (evidence) => {
  const { requests, takenOverAt } = evidence;
  const place = placeOf(evidence);
  if (lastAnswer(evidence, 'how') === 'slices') {
    const mine = (one: Request) => /^slice-\d+-/.test(one.client) && one.client.endsWith(place);
    const slices = requests.filter((one) => mine(one) && one.outcome === 'acknowledged');
    return slices.length >= SLICES
      ? pass(`${slices.length} slices were counted on ${place}; a report has ${SLICES}.`)
      : fail(takenOverAt, `Only ${slices.length} of ${SLICES} slices ended on ${place}.`);
  }
  const reports = [1, 2].map((which) =>
    requests.find(({ client }) => client === `whole-${which}-${place}`),
  );
  const [first] = reports;
  for (const report of reports) {
    if (report === undefined) return inconclusive(takenOverAt, 'A report was not begun.');
    if (report.outcome === 'open')
      return fail(report.sentAt, `The report of ${clock(report.sentAt)} has not ended.`);
    if (report.outcome !== 'acknowledged')
      return fail(report.answeredAt ?? report.sentAt, whyCancelled(report, first, place));
  }
  return pass(`Both reports were told their sums on ${place}.`);
};

const sweeps = ({ trace }: Evidence): readonly TraceEvent[] =>
  trace.filter(
    ({ kind, facts }) => kind === 'autovacuum' && facts.table === ORDERS && facts.pages !== null,
  );

const noBloat: Judge = (evidence) => {
  const { takenOverAt, drilledAt, trace } = evidence;
  const all = sweeps(evidence);
  const before = all.findLast(({ at }) => at <= takenOverAt);
  if (before === undefined) return inconclusive(takenOverAt, 'Nothing was measured before.');
  const size = Number(before.facts.pages);
  const since = all.filter(({ at }) => at > takenOverAt);
  const last = since.at(-1)?.at ?? before.at;
  if (between(last, drilledAt) > seconds(20))
    return fail(
      last,
      `Autovacuum has not come since ${clock(last)}. Nothing that waiters have made dead since is removed, and no room is used again.`,
    );
  const grown = since.find(({ facts }) => Number(facts.pages) > MOST_GROWTH * size);
  if (grown === undefined) {
    const most = Math.max(...since.map(({ facts }) => Number(facts.pages)));
    return pass(`At most ${most} pages, of ${size} when you took over.`);
  }
  const told = trace.findLast(
    ({ kind, at, facts }) => kind === 'feedbackSent' && at < grown.at && facts.xmin !== null,
  );
  const who =
    told?.node && Number(grown.facts.held) > 0
      ? `${told.node} had told the primary what its queries need (hot_standby_feedback), and ${grown.facts.held} dead rows could not be removed.`
      : `${grown.facts.held} dead rows could not be removed.`;
  return fail(
    grown.at,
    `At ${clock(grown.at)} the table had ${grown.facts.pages} pages; it had ${size}. ${who}`,
  );
};

const failoverFresh: Judge = ({ trace, takenOverAt, drilledAt }) => {
  const spans = troubleOf(trace, 'primary', 'standby2', MOST_LAG, drilledAt);
  const late = spans.find(({ to }) => to > takenOverAt);
  if (late === undefined) return pass('standby2 had replayed everything within five seconds.');
  const wait = trace.findLast(
    ({ kind, node, at }) => kind === 'replayWaits' && node === 'standby2' && at <= late.from,
  );
  const why = wait
    ? `Its startup process waited for a report from ${clock(wait.at)} on, and payments at remote_apply waited with it.`
    : 'Replay stood still.';
  return fail(
    after(late.from, seconds(0)),
    `From ${clock(late.from)} on standby2 was more than 5 s behind. ${why}`,
  );
};

const counter: Judge = (evidence) => {
  const named = lastAnswer(evidence, 'counter');
  const { takenOverAt } = evidence;
  if (named === 'confl_snapshot')
    return pass('confl_snapshot: rows that the report could still see were removed.');
  if (named === null) return fail(takenOverAt, 'No counter was named.');
  if (named === 'confl_lock')
    return fail(
      takenOverAt,
      'confl_lock counts queries that held a lock on a table which the primary took ACCESS EXCLUSIVE: ALTER TABLE, TRUNCATE, the end of a VACUUM that cuts a table. Nobody did that here.',
    );
  return fail(takenOverAt, `${named} has counted nothing here. Ask the standby.`);
};

export const judges = {
  'reports-end': reportsEnd,
  'no-bloat': noBloat,
  'failover-fresh': failoverFresh,
  counter,
};
