import type { Evidence, FireRecord, RoundRecord } from '../../src/grading/evidence.ts';
import type { Request } from '../../src/grading/history.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { parseLsn } from '../../src/postgres/lsn.ts';
import { between, type Duration, type Instant, ms, seconds } from '../../src/sim/instant.ts';

/** What each workload may cost. */
interface Budget {
  readonly client: string;
  readonly table: string;
  readonly one: string;
  readonly losses: number;
  readonly latency: Duration;
  /** From the acknowledgement until the kitchen's screen shows the row; null where nobody looks. */
  readonly staleness: Duration | null;
}

const BUDGETS: readonly Budget[] = [
  {
    client: 'till',
    table: 'payments',
    one: 'Payment',
    losses: 0,
    latency: ms(400),
    staleness: null,
  },
  {
    client: 'waiter',
    table: 'orders',
    one: 'Order',
    losses: 5,
    latency: ms(600),
    staleness: ms(0),
  },
  {
    client: 'oven',
    table: 'readings',
    one: 'Reading',
    losses: 20,
    latency: ms(10),
    staleness: seconds(3),
  },
];

const SCREEN = 'standby1';

const levelOf = ({ answers }: Evidence, { table }: Budget): string =>
  answers.findLast(({ id, text }) => id === table && text !== '')?.text ?? 'on';

const namesAt = ({ names }: Evidence, at: Instant): string =>
  (names.findLast((one) => one.at <= at)?.names ?? '').trim();

/** Requests of the drill: what was sent before she was ready does not count. */
const drilled = ({ requests, drilledAt }: Evidence, { client }: Budget): readonly Request[] =>
  requests.filter((one) => one.client === client && one.sentAt >= drilledAt);

type Told = Request & { readonly answeredAt: Instant };

const isTold = (one: Request): one is Told =>
  one.outcome === 'acknowledged' && one.answeredAt !== null;

const losses: Judge = (evidence) => {
  const fires = evidence.rounds.flatMap((round) =>
    round.fire ? [{ round, fire: round.fire }] : [],
  );
  for (const { round, fire } of fires) {
    if (fire.keys === null)
      return inconclusive(fire.at, `After ${round.name}, ${fire.survivor} could not be read.`);
    for (const budget of BUDGETS) {
      const lost = lostIn(evidence, budget, fire, fire.keys);
      const [first] = lost;
      if (first && lost.length > budget.losses)
        return fail(
          first.answeredAt,
          `${budget.one} ${first.key} was acknowledged at ${clock(first.answeredAt)}. At ${clock(fire.at)} the primary burned and the standbys lost power: ${fire.survivor} has come back without it${lost.length > 1 ? `, and without ${lost.length - 1} more` : ''}. ${whyLost(evidence, budget, first)}`,
        );
    }
  }
  return pass(`In ${fires.length} fires no workload lost more than it may.`);
};

const lostIn = (
  { requests }: Evidence,
  { client }: Budget,
  fire: FireRecord,
  keys: ReadonlySet<number>,
): readonly Told[] =>
  requests
    .filter((one) => one.client === client)
    .filter(isTold)
    .filter(({ answeredAt, key }) => answeredAt <= fire.at && !keys.has(key));

function whyLost(evidence: Evidence, budget: Budget, { sentAt }: Request): string {
  const level = levelOf(evidence, budget);
  if (level === 'off' || level === 'local') return `${level} asks no standby, whoever is named.`;
  if (namesAt(evidence, sentAt) === '')
    return `It was written at ${level}, and no standby was named: it waited for the primary’s own disk.`;
  if (level === 'remote_write')
    return 'remote_write had waited until a standby had written it, and written is not flushed: it was in the memory of a machine that lost its power.';
  return `It was written at ${level}.`;
}

const staleness: Judge = (evidence) => {
  const replays = evidence.trace
    .filter(({ kind, node }) => kind === 'walReplayed' && node === SCREEN)
    .map(({ at, facts }) => ({ at, lsn: parseLsn(String(facts.lsn)) }));
  for (const budget of BUDGETS) {
    if (budget.staleness === null) continue;
    const quiet = evidence.rounds.filter(({ fire }) => fire === null);
    for (const one of drilled(evidence, budget).filter(isTold)) {
      const { lsn, answeredAt } = one;
      if (lsn === null || !quiet.some((round) => isWithin(round, answeredAt))) continue;
      const shown = replays.find((replay) => replay.lsn >= lsn)?.at ?? evidence.drilledAt;
      const late = between(answeredAt, shown);
      if (late > budget.staleness)
        return fail(
          answeredAt,
          `${budget.one} ${one.key} was acknowledged at ${clock(answeredAt)}, and ${SCREEN} showed it ${inMs(late)} later. ${whyStale(evidence, budget, one)}`,
        );
    }
  }
  return pass(`${SCREEN} showed every order when the waiter was told, and the readings in time.`);
};

const isWithin = ({ from, to }: RoundRecord, at: Instant): boolean => at >= from && at <= to;

function whyStale(evidence: Evidence, budget: Budget, { sentAt }: Request): string {
  const level = levelOf(evidence, budget);
  const names = namesAt(evidence, sentAt);
  if (level !== 'remote_apply') return `${level} does not wait for replay.`;
  if (names === '') return 'It asked for remote_apply, and nobody is named who could answer.';
  return `Another standby’s replay was enough: the names are "${names}".`;
}

const latency: Judge = (evidence) => {
  const quiet = evidence.rounds.filter(({ fire }) => fire === null);
  for (const budget of BUDGETS) {
    const sent = drilled(evidence, budget).filter((one) =>
      quiet.some((round) => isWithin(round, one.sentAt) && one.sentAt + budget.latency <= round.to),
    );
    const times = sent
      .map((one) => ({
        one,
        took: isTold(one) ? between(one.sentAt, one.answeredAt) : Number.POSITIVE_INFINITY,
      }))
      .toSorted((a, b) => a.took - b.took);
    const slowest = times[Math.ceil(times.length * 0.99) - 1];
    if (!slowest) return inconclusive(evidence.drilledAt, `No ${budget.table} were written.`);
    if (slowest.took > budget.latency)
      return fail(
        slowest.one.sentAt,
        `${budget.one} ${slowest.one.key}, sent at ${clock(slowest.one.sentAt)}, was ${Number.isFinite(slowest.took) ? `answered after ${inMs(slowest.took)}` : 'not answered'}; ${inMs(budget.latency)} are allowed. ${whySlow(levelOf(evidence, budget))}`,
      );
  }
  return pass('99 of 100 were answered in time, in each workload.');
};

function whySlow(level: string): string {
  const waited: Readonly<Record<string, string>> = {
    off: 'At off it waited for nobody.',
    local: 'At local it waited for the primary’s disk.',
    remote_write: 'At remote_write it waited for a cable, there and back.',
    on: 'At on it waited for a flush at the end of a cable.',
    remote_apply: 'At remote_apply it waited for replay at the end of a cable.',
  };
  return waited[level] ?? '';
}

const inMs = (length: number): string => `${(length / 1_000).toFixed(0)} ms`;

export const judges = { losses, staleness, latency };
