import type { Evidence, RoundRecord } from '../../src/grading/evidence.ts';
import { flushedBy } from '../../src/grading/flushed-by.ts';
import type { Request } from '../../src/grading/history.ts';
import type { Operation } from '../../src/grading/operation.ts';
import { checkRegister } from '../../src/grading/register.ts';
import { clock } from '../../src/grading/verdict.ts';
import { type Lsn, parseLsn } from '../../src/postgres/lsn.ts';
import { type Instant, ms, seconds, toMs } from '../../src/sim/instant.ts';
import type { ColumnId } from './matrix.ts';

/** What was measured of a cell: whether the claim holds, what shows it, and when. */
export interface Found {
  readonly holds: boolean;
  readonly words: string;
  readonly at: Instant;
}

/** What was measured of one configuration; null where its rounds did not show it. */
export interface Row extends Readonly<Record<ColumnId, Found | null>> {
  readonly median: number | null;
  /** Whether all standbys showed each change by the time at which the till was told of it. */
  readonly fresh: Found | null;
}

const PATIENCE = seconds(2);
/** What is on its way when a round begins belongs to the configuration before it. */
const SETTLED = ms(500);

/** Measures one configuration in the rounds of the drill that were its own. */
export function measured(evidence: Evidence, configuration: string): Row {
  const roundOf = (trial: string) =>
    evidence.rounds.find(
      ({ facts }) => facts.configuration === configuration && facts.trial === trial,
    );
  const well = roundOf('well');
  const cut = roundOf('cut');
  const times = well ? answeredIn(evidence, well).map(tookMs) : [];
  return {
    frozen: goesOn(evidence, roundOf('frozen')),
    cut: goesOn(evidence, cut),
    kept: cut ? kept(evidence, cut) : null,
    register: well ? register(evidence, well) : null,
    median: times.toSorted((a, b) => a - b)[times.length >> 1] ?? null,
    fresh: well ? fresh(evidence, well) : null,
  };
}

const tookMs = ({ sentAt, answeredAt }: Request): number =>
  toMs(((answeredAt ?? sentAt) - sentAt) as Instant);

const answeredIn = ({ requests }: Evidence, { from, to }: RoundRecord): readonly Request[] =>
  requests.filter(
    ({ sentAt, answeredAt, outcome }) =>
      outcome === 'acknowledged' && sentAt >= from + SETTLED && (answeredAt ?? to) < to,
  );

function goesOn({ requests }: Evidence, round: RoundRecord | undefined): Found | null {
  if (!round) return null;
  const asked = requests.filter(
    ({ sentAt, answeredAt }) =>
      sentAt + PATIENCE <= round.to && (answeredAt ?? round.to) >= round.from + SETTLED,
  );
  const [first] = asked;
  if (!first) return null;
  const late = asked.find(
    ({ sentAt, answeredAt }) =>
      answeredAt === null || answeredAt > Math.max(sentAt, round.from) + PATIENCE,
  );
  return late
    ? {
        holds: false,
        at: late.sentAt,
        words: `Change ${late.key}, sent at ${clock(late.sentAt)}, had no answer within 2 s.`,
      }
    : {
        holds: true,
        at: round.from,
        words: `${asked.length} changes from ${clock(round.from)} on, and each was answered within 2 s.`,
      };
}

/** Who is on the other side of the cut. */
const OTHERS = ['standby2', 'standby3'];

/** What a fire of the primary and standby1 would leave at the end of a round: what the others had on their disks then. */
function kept(evidence: Evidence, round: RoundRecord): Found {
  const { to } = round;
  const lost = answeredIn(evidence, round).filter(
    ({ lsn }) =>
      lsn === null || !flushedBy(evidence.trace, lsn, to).some((node) => OTHERS.includes(node)),
  );
  const [first] = lost;
  return first
    ? {
        holds: false,
        at: first.answeredAt ?? first.sentAt,
        words: `Change ${first.key} was acknowledged at ${clock(first.answeredAt ?? first.sentAt)}. At ${clock(to)} neither ${OTHERS.join(' nor ')} had it on its disk${lost.length > 1 ? `; ${lost.length - 1} more of those after it are missing, too` : ''}.`,
      }
    : {
        holds: true,
        at: round.from,
        words: `At ${clock(to)} ${OTHERS.join(' and ')} had everything on their disks that was acknowledged.`,
      };
}

interface Shown {
  readonly node: string;
  readonly at: Instant;
  readonly value: number;
}

/** What each standby’s board showed, from each replay on that changed it. */
function boards({ trace, requests }: Evidence, { from, to }: RoundRecord): readonly Shown[] {
  const changes = requests
    .flatMap(({ key, lsn, outcome }) =>
      lsn !== null && outcome === 'acknowledged' ? [{ key, lsn }] : [],
    )
    .sort((one, other) => one.lsn - other.lsn);
  const shown: Shown[] = [];
  const last = new Map<string, number>();
  for (const { at, kind, node, facts } of trace) {
    if (at >= to) break;
    if (kind !== 'walReplayed' || node === null) continue;
    const value = newest(changes, parseLsn(String(facts.lsn)));
    if (value === null || last.get(node) === value) continue;
    last.set(node, value);
    if (at >= from + SETTLED) shown.push({ node, at, value });
  }
  return shown;
}

const newest = (changes: readonly { key: number; lsn: Lsn }[], position: Lsn): number | null =>
  changes.findLast(({ lsn }) => lsn <= position)?.key ?? null;

/**
 * Whether whoever reads might tell the servers apart from one register: someone reads from every standby whenever any of
 * them has replayed something, and just before.
 */
function register(evidence: Evidence, round: RoundRecord): Found {
  const shown = boards(evidence, round);
  const changes = evidence.requests.filter(({ outcome }) => outcome === 'acknowledged');
  const instants = [...new Set(shown.map(({ at }) => at))];
  const now = new Map<string, number>();
  const reads = instants.flatMap((at) => {
    const before = [...now].map(([node, value]) => read(node, value, at - 1));
    for (const one of shown) if (one.at === at) now.set(one.node, one.value);
    return [...before, ...[...now].map(([node, value]) => read(node, value, at))];
  });
  const seen = new Set(reads.map(({ value }) => value));
  const writes = changes
    .filter(({ key, sentAt }) => seen.has(key) || sentAt >= round.from + SETTLED)
    .map(
      ({ key, client, sentAt, answeredAt }): Operation => ({
        client,
        group: 'till',
        node: 'primary',
        kind: 'write',
        value: key,
        invokedAt: sentAt,
        answeredAt,
        outcome: 'ok',
        sqlstate: null,
      }),
    );
  const verdict = checkRegister([...writes, ...reads], 0);
  return verdict.kind === 'anomaly'
    ? {
        holds: false,
        at: verdict.operations.at(-1)?.invokedAt ?? round.from,
        words: verdict.words.replace(/^a /, 'A '),
      }
    : { holds: true, at: round.from, words: 'Every server’s board was that of one register.' };
}

const read = (node: string, value: number, at: number): Operation => ({
  client: `a guest at ${node}`,
  group: 'guest',
  node,
  kind: 'read',
  value,
  invokedAt: at as Instant,
  answeredAt: at as Instant,
  outcome: 'ok',
  sqlstate: null,
});

/** The first change that some standby did not show when the till was told of it. */
function fresh(evidence: Evidence, round: RoundRecord): Found {
  const shown = boards(evidence, round);
  const nodes = [...new Set(shown.map(({ node }) => node))];
  for (const { key, answeredAt } of answeredIn(evidence, round)) {
    const late = nodes.find(
      (node) =>
        !shown.some((one) => one.node === node && one.value >= key && one.at <= (answeredAt ?? 0)),
    );
    if (late)
      return {
        holds: false,
        at: answeredAt ?? round.from,
        words: `At ${clock(answeredAt ?? round.from)} the till was told that change ${key} is made, and ${late} did not show it yet.`,
      };
  }
  return { holds: true, at: round.from, words: 'Every standby showed each change in time.' };
}
