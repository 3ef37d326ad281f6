import type { Evidence, Finding } from '../../src/grading/evidence.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { formatLsn, type Lsn, parseLsn } from '../../src/postgres/lsn.ts';
import type { Instant } from '../../src/sim/instant.ts';
import { SECOND_ENTRY } from './lab.ts';

interface Entry {
  readonly ref: string;
  readonly id: string;
  readonly xid: string;
}

const WHY: Readonly<Record<string, string>> = {
  vacuum:
    'VACUUM does not hold up a fast shutdown: it is ended by it, as any statement is (57P01). And nobody ordered a stop: the Patroni of node1 logged nothing more.',
  cut: 'The network was slow, never down. A leader whose DCS does not answer demotes itself after retry_timeout, and logs it; this one logged nothing more.',
};
const ALONE: Readonly<Record<string, string>> = {
  quorum:
    'A primary whose commits wait for ANY 1 of its standbys cannot acknowledge alone: they wait until one answers. synchronous_standby_names was empty on node1.',
  timeline:
    'Nobody tells a primary of a new timeline, and none would stop for it. Two servers on two timelines do not know of each other.',
};

const whatHappened: Judge = ({ answers, takenOverAt }) => {
  const given = (id: string) => answers.findLast((one) => one.id === id)?.text ?? '';
  const [why, alone] = [given('why'), given('alone')];
  if (why === '' || alone === '')
    return fail(takenOverAt, 'You have not yet said what kept node1 a primary.');
  const wrong = WHY[why] ?? ALONE[alone];
  return wrong === undefined
    ? pass('A Patroni that stood still, no watchdog to notice, and commits that waited for nobody.')
    : fail(takenOverAt, wrong);
};

/** Why an answer is none that could be right or wrong; null where it is one. */
function noAnswer(what: string, found: Finding | undefined): string | null {
  if (!found || (found.error === null && found.rows.length === 0))
    return `Your query for ${what} returned no rows.`;
  return (
    found.error && `Your query for ${what} failed: ${found.error.sqlstate} ${found.error.message}`
  );
}

/** Where and when the timeline forked, as the run has it. */
function forkOf({ trace }: Evidence): { readonly lsn: Lsn; readonly at: Instant } {
  const promoted = trace.find(({ kind }) => kind === 'promoted');
  if (!promoted) throw new RangeError('nobody was promoted');
  return { lsn: parseLsn(String(promoted.facts.lsn)), at: promoted.at };
}

const theFork: Judge = (evidence) => {
  const found = evidence.found.fork;
  const { lsn, at } = forkOf(evidence);
  const none = noAnswer('the fork', found);
  if (none !== null) return fail(at, none);
  const text = found?.rows[0]?.[0] ?? '';
  if (!/^[0-9A-F]+\/[0-9A-F]+$/.test(text))
    return fail(at, `The fork is a position such as 0/3A1B2C8. Your query returned "${text}".`);
  const said = parseLsn(text);
  if (said === lsn) return pass(`The timelines part at ${formatLsn(lsn)}.`);
  const bytes = Math.abs(said - lsn);
  return fail(
    at,
    said > lsn
      ? `${text} is ${bytes} bytes behind the fork: what node2 has there is already on timeline 2. What node1 has between the two is lost as well, and nobody would look for it.`
      : `${text} is ${bytes} bytes before the fork: node2 has all of the WAL up to there, and more.`,
  );
};

const entriesOf = (found: Finding | undefined): readonly Entry[] =>
  (found?.rows ?? []).map(([ref, id, xid]) => ({
    ref: ref ?? '',
    id: id ?? '',
    xid: xid ?? '',
  }));

const theLost: Judge = (evidence) => {
  const { found, drilledAt } = evidence;
  const none = noAnswer('the lost entries', found.lost);
  if (none !== null) return fail(drilledAt, none);
  const [old, kept] = [entriesOf(found.node1), entriesOf(found.node2)];
  const keptRefs = new Set(kept.map(({ ref }) => ref));
  const lost = old.filter(({ ref }) => !keptRefs.has(ref));
  if (lost.length === 0) return inconclusive(drilledAt, 'Nothing was lost in this incident.');
  const said = new Set(found.lost?.rows.map(([ref]) => ref ?? ''));
  const lostRefs = new Set(lost.map(({ ref }) => ref));
  const tooMany = [...said].filter((ref) => !lostRefs.has(ref));
  if (tooMany.length > 0)
    return fail(
      drilledAt,
      `Of ${said.size} entries that your query returns, ${tooMany.length} are not lost, such as ${tooMany[0]}: node2 has it.`,
    );
  const missed = lost.filter(({ ref }) => !said.has(ref));
  const [first] = missed;
  if (!first)
    return pass(
      `All ${lost.length} lost entries, and no other. At the ledger's own scale that would be some ${(lost.length * 2000).toLocaleString('en')}.`,
    );
  return fail(
    answeredAt(evidence, first),
    `${missed.length} of ${lost.length} lost entries are missing, ${first.ref} the first: node1 acknowledged it at ${clock(answeredAt(evidence, first))}. ${reason(evidence, { old, kept, lost, missed, said })}`,
  );
};

const answeredAt = ({ requests, drilledAt }: Evidence, { ref }: Entry): Instant =>
  requests.find(({ key }) => key === Number(ref) % SECOND_ENTRY)?.answeredAt ?? drilledAt;

interface Compared {
  readonly old: readonly Entry[];
  readonly kept: readonly Entry[];
  readonly lost: readonly Entry[];
  readonly missed: readonly Entry[];
  readonly said: ReadonlySet<string>;
}

/** Why they are missing, by what those that are missing have in common. */
function reason(evidence: Evidence, { old, kept, lost, missed, said }: Compared): string {
  const [first] = missed as readonly [Entry];
  const are = (shared: (one: Entry) => boolean) => {
    const expected = lost.filter(shared);
    return expected.length === missed.length && missed.every(shared);
  };
  const shares = (key: 'id' | 'xid') => {
    const there = new Set(kept.map((one) => one[key]));
    return (one: Entry) => there.has(one[key]);
  };
  if (are(shares('xid')))
    return `node2 has a row with the xmin ${first.xid}, too, and it is another one: both sides went on counting from the same xid.`;
  if (are(shares('id')))
    return `node2 has a row with the id ${first.id}, too, and it is another one: the identity of each gave out the same numbers.`;
  if (said.size === old.length - kept.length)
    return `You return ${said.size}, by as many as node1 has more rows than node2. A count says how many, not which: node2 has new rows of its own.`;
  const { at } = forkOf(evidence);
  if (missed.every((one) => answeredAt(evidence, one) <= at))
    return `That was before node2 was promoted, at ${clock(at)}. Its WAL was still on the cable: the fork is where node2 had come to, whatever the clocks say.`;
  return 'Its COMMIT lies behind the fork in the WAL of node1.';
}

export const judges = {
  'what-happened': whatHappened,
  'the-fork': theFork,
  'the-lost': theLost,
} satisfies Record<string, Judge>;
