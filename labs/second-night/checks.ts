import type { Evidence, Finding } from '../../src/grading/evidence.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { formatLsn, lsn } from '../../src/postgres/lsn.ts';
import { after, type Instant, seconds } from '../../src/sim/instant.ts';
import { BURNS, LIMITS, MAINTENANCE, MISTAKE, MOST_AWAY, PAGES, REJOINED } from './lab.ts';
import {
  flushedUpTo,
  longestAway,
  momentOf,
  paidOf,
  type Reign,
  reignsOf,
  replayedUpTo,
} from './reigns.ts';

/** What the primary said in the end, of one kind; null where none answered. */
const wordsOf = (end: Finding | undefined, kind: 'payment' | 'stream'): readonly string[] | null =>
  end && end.error === null
    ? end.rows.flatMap(([what, word]) => (what === kind && word != null ? [word] : []))
    : null;

const CAFE = ['primary', 'standby1', 'standby2'];
const inSeconds = (length: number): string => (length / seconds(1)).toFixed(1);
const position = (at: number): string => formatLsn(lsn(at));
const payments = (count: number): string => `${count} payment${count === 1 ? '' : 's'}`;

/** The first promotion before the machine of primary loses its power. */
const crowned = (evidence: Evidence): Reign | undefined => {
  const at = momentOf(evidence);
  return reignsOf(evidence).find(
    ({ by, from }) => by === 'promoted' && from < at(MAINTENANCE.from),
  );
};

const switchover: Judge = (evidence) => {
  const at = momentOf(evidence);
  const { takenOverAt } = evidence;
  const dark = at(MAINTENANCE.from);
  const king = crowned(evidence);
  const paid = paidOf(evidence);
  const stands = longestAway(evidence, takenOverAt, at(REJOINED));
  if (!king)
    return fail(
      dark,
      `At ${clock(dark)} the machine of primary lost its power, and no other server took payments. For ${inSeconds(stands.length)} s nobody could pay.`,
    );
  const end = reignsOf(evidence)[0]?.to ?? null;
  if (end === null || end > king.from) {
    const alone = paid.filter(
      ({ lsn: commit, answeredAt }) =>
        answeredAt > king.from && answeredAt < (end ?? dark) && commit !== null && commit > 0,
    ).length;
    return fail(
      king.from,
      `At ${clock(king.from)} ${king.node} was promoted, and primary still ran: two primaries${end === null ? '' : ` until ${clock(end)}`}. ${payments(alone)} went to primary meanwhile, behind the fork. Stop first, then promote.`,
    );
  }
  const ended = evidence.trace.find(
    ({ node, at: then, kind }) =>
      node === 'primary' &&
      then === end &&
      kind !== 'serverLog' &&
      ['stopped', 'killed', 'poweredOff'].includes(kind),
  );
  const has = king.forkedAt ?? 0;
  const written = flushedUpTo(evidence, 'primary', end);
  const lacks = paid.filter(
    ({ lsn: commit, answeredAt }) => answeredAt <= end && commit !== null && commit > has,
  ).length;
  if (ended?.kind !== 'stopped')
    return fail(
      end,
      `At ${clock(end)} primary was ended without its last checkpoint, and without waiting for a standby: whether anybody had all of it was luck${lacks > 0 ? `, and there was none: ${payments(lacks)} are missing` : ''}. A fast shutdown sends the last of the WAL before it ends.`,
    );
  if (has < written)
    return fail(
      king.from,
      `${king.node} was promoted at ${clock(king.from)} with WAL up to ${position(has)}. The WAL of primary ended at ${position(written)}: ${payments(lacks)} that customers were told of are missing. Its cable had failed; the other standby had everything.`,
    );
  if (stands.length > seconds(MOST_AWAY))
    return fail(
      stands.from,
      `From ${clock(stands.from)} on nobody could pay for ${inSeconds(stands.length)} s. The switchover itself takes less than one; ${MOST_AWAY} are allowed.`,
    );
  return pass(
    `primary was shut down at ${clock(end)}, ${king.node} had its WAL to the end, and payments stood for ${inSeconds(stands.length)} s.`,
  );
};

/** Whether a server streamed from another at an instant, and had caught up. */
function streams({ trace }: Evidence, standby: string, from: string, by: Instant): boolean {
  const last = trace.findLast(
    ({ kind, node, at, facts, words }) =>
      at <= by &&
      ((kind === 'caughtUp' && facts.standby === standby) ||
        (kind === 'walsenderEnded' &&
          node === from &&
          words.includes(`walsender for ${standby}`)) ||
        (kind === 'poweredOff' && node === standby)),
  );
  return last?.kind === 'caughtUp' && last.node === from;
}

const backInLine: Judge = (evidence) => {
  const by = momentOf(evidence)(REJOINED);
  const first = crowned(evidence);
  if (!first) return inconclusive(by, 'Nobody was promoted before the maintenance.');
  const again = reignsOf(evidence).find(
    ({ node, by: how, from }) => node === 'primary' && how === 'started' && from <= by,
  );
  if (again)
    return fail(
      again.from,
      `At ${clock(again.from)} the machine of primary had power again, and it came up as a primary: no standby.signal lay beside its files, and nobody had told it of ${first.node}.`,
    );
  const king = reignsOf(evidence).findLast(({ from }) => from <= by) ?? first;
  const missing = CAFE.find((one) => one !== king.node && !streams(evidence, one, king.node, by));
  return missing === undefined
    ? pass(`Both others streamed from ${king.node} by ${clock(by)}.`)
    : fail(
        by,
        `At ${clock(by)} ${missing} did not stream from ${king.node}: it got no payment any more, and could not have been promoted.`,
      );
};

/** The fire, and what came of it. */
function fireOf(evidence: Evidence) {
  const at = momentOf(evidence);
  const burnt = evidence.trace.find(
    ({ kind, at: then }) => kind === 'poweredOff' && then >= at(BURNS[0]) && then <= at(BURNS[1]),
  );
  const node = burnt?.node ?? 'primary';
  const began = burnt?.at ?? at(BURNS[0]);
  const candidates = CAFE.filter((one) => one !== node).filter((one) =>
    streamedOnce(evidence, one, node),
  );
  const king = reignsOf(evidence).find(({ by, from }) => by === 'promoted' && from >= began);
  return { node, began, candidates, king };
}

const streamedOnce = ({ trace, takenOverAt }: Evidence, standby: string, from: string): boolean =>
  from === 'primary' ||
  trace.some(
    ({ kind, node, at, facts }) =>
      kind === 'caughtUp' && node === from && facts.standby === standby && at >= takenOverAt,
  );

const leastLoss: Judge = (evidence) => {
  const { node, began, candidates, king } = fireOf(evidence);
  const due = momentOf(evidence)(PAGES.payments + LIMITS.payments);
  if (!king)
    return fail(
      due,
      `${node} burned at ${clock(began)}, and no other server was promoted by ${clock(due)}.`,
    );
  if (king.from > due)
    return fail(
      due,
      `Nobody was promoted by ${clock(due)}, ${LIMITS.payments} s after the page; ${king.node} was at ${clock(king.from)}.`,
    );
  const received = (one: string) =>
    one === king.node ? (king.forkedAt ?? 0) : flushedUpTo(evidence, one, king.from);
  const best = candidates.toSorted((one, other) => received(other) - received(one))[0];
  if (best === undefined || candidates.length < 2)
    return inconclusive(king.from, `There was no choice: no two standbys had followed ${node}.`);
  if (received(king.node) >= received(best))
    return pass(`${king.node} had received most, and replayed it when it was promoted.`);
  const lost = paidOf(evidence).filter(
    ({ lsn: commit, answeredAt }) =>
      answeredAt <= began &&
      commit !== null &&
      commit > received(king.node) &&
      commit <= received(best),
  ).length;
  const further =
    replayedUpTo(evidence, king.node, began) > replayedUpTo(evidence, best, began)
      ? `It had replayed further than ${best}, whose replay was paused, and received less. `
      : '';
  return fail(
    king.from,
    `${king.node} was promoted at ${clock(king.from)}, with WAL up to ${position(received(king.node))}. ${further}${best} had received up to ${position(received(best))}: ${payments(lost)} are lost that need not be. The greater of received and replayed counts.`,
  );
};

const onePrimary: Judge = (evidence) => {
  const { node, king } = fireOf(evidence);
  const { found, drilledAt, trace } = evidence;
  if (!king) return inconclusive(drilledAt, 'Nobody was promoted after the fire.');
  const again = reignsOf(evidence).find(
    ({ node: whose, by, from }) => whose === node && by === 'started' && from > king.from,
  );
  if (again)
    return fail(
      again.from,
      `At ${clock(again.from)} ${node} was started as it was: a primary on the old timeline, beside ${king.node}. Timelines fence nobody. Rewind it, or make it anew from a base backup.`,
    );
  const rival = reignsOf(evidence).find(({ by, from }) => by === 'promoted' && from > king.from);
  if (rival && (king.to === null || king.to > rival.from))
    return fail(
      rival.from,
      `${king.node} was promoted at ${clock(king.from)}, and ${rival.node} at ${clock(rival.from)}: two histories.`,
    );
  const rows = wordsOf(found.end, 'stream') ?? [];
  const missing = CAFE.filter((one) => one !== king.node && !rows.includes(one));
  if (missing.length === 0) return pass(`Both others stream from ${king.node}.`);
  const stuck = trace.findLast(
    ({ kind, node: whose, facts }) =>
      kind === 'serverLog' &&
      whose === node &&
      /forked off current database system timeline/.test(String(facts.message)),
  );
  if (missing[0] === node && stuck)
    return fail(
      stuck.at,
      `${node} runs as a standby and cannot go over to the new timeline: it has WAL behind the fork, of payments that nobody else has. pg_rewind takes that away, or a new base backup.`,
    );
  return fail(
    drilledAt,
    `${missing.join(' and ')} ${missing.length === 1 ? 'does' : 'do'} not stream from ${king.node}: ${missing.length === 1 ? 'it' : 'they'} will not save anybody tonight.`,
  );
};

/** Payments that no promotion before the mistake has lost: what must be in the books in the end. */
function survivingOf(evidence: Evidence) {
  const mistake = momentOf(evidence)(MISTAKE);
  const forks = reignsOf(evidence).filter(({ by, from }) => by === 'promoted' && from < mistake);
  return paidOf(evidence).filter(({ answeredAt, lsn: commit }) =>
    forks.every(
      ({ from, forkedAt }) =>
        answeredAt > from || commit === null || forkedAt === null || commit <= forkedAt,
    ),
  );
}

const keysIn = ({ found }: Evidence): ReadonlySet<number> | null => {
  const keys = wordsOf(found.end, 'payment');
  return keys && new Set(keys.map(Number));
};

/** The restores that were done, the last one last. */
const restoresOf = ({ deeds }: Evidence) =>
  deeds.flatMap(({ at, action, refused }) =>
    action.kind === 'restore' && !refused ? [{ at, action }] : [],
  );

/** `… time 2026-01-05 12:04:02.3501+00`, in seconds of the run; null where recovery did not stop at a commit. */
function stoppedAt(words: string | undefined): number | null {
  const time = /time \d+-\d+-\d+ 12:(\d+):(\d+(?:\.\d+)?)/.exec(words ?? '');
  return time ? Number(time[1]) * 60 + Number(time[2]) : null;
}

/** Why what the last restore brought back is not what was wanted; null where it stood at the right place. */
function wrongTarget(evidence: Evidence, missing: Instant): string | null {
  const restore = restoresOf(evidence).at(-1);
  if (!restore) return 'and nothing was restored.';
  const log = evidence.trace
    .filter(
      ({ kind, node, at }) =>
        kind === 'serverLog' && node === restore.action.node && at >= restore.at,
    )
    .map(({ facts }) => String(facts.message));
  if (log.some((words) => words.startsWith('recovery ended before')))
    return restoresOf(evidence).length > 1
      ? 'and the last restore followed the timeline of an earlier try: that had been promoted, and recovery_target_timeline = latest goes where the newest history file leads. Name the timeline of the cafe.'
      : 'and the restore replayed all that the archive has: the segment with the mistake was not in it. It goes there when it is full, or at pg_switch_wal().';
  const mistake = momentOf(evidence)(MISTAKE);
  const stop = stoppedAt(log.find((words) => words.startsWith('recovery stopping')));
  if (stop === null) return 'and the restore replayed everything, the mistake among it.';
  if (seconds(stop) > after(mistake, seconds(0.01)))
    return `and the restore replayed the mistake too: its target lies behind ${clock(mistake)}.`;
  return missing >= seconds(stop) - seconds(0.01)
    ? `one of them of ${clock(missing)}: the restore had stopped before it, at ${clock(seconds(stop) as unknown as Instant)}.`
    : null;
}

const booksWhole: Judge = (evidence) => {
  const mistake = momentOf(evidence)(MISTAKE);
  const keys = keysIn(evidence);
  if (!keys) return fail(evidence.drilledAt, 'No primary answers: the books cannot be read.');
  const before = survivingOf(evidence).filter(({ answeredAt }) => answeredAt < mistake);
  const missing = before.filter(({ key }) => !keys.has(key));
  const last = missing.at(-1);
  if (!last) return pass(`All ${before.length} payments of before the mistake are back.`);
  const why =
    wrongTarget(evidence, last.answeredAt) ??
    'though the restore stood at the right moment: what it has must still be carried to the primary, and put among the payments there.';
  return fail(
    mistake,
    `${payments(missing.length)} of before ${clock(mistake)} are not on the primary, ${why}`,
  );
};

const nightGoesOn: Judge = (evidence) => {
  const at = momentOf(evidence);
  const mistake = at(MISTAKE);
  const over = restoresOf(evidence).find(({ action }) => CAFE.includes(action.node));
  const keys = keysIn(evidence);
  const later = survivingOf(evidence).filter(({ answeredAt }) => answeredAt > mistake);
  const gone = later.filter(({ key }) => !keys?.has(key));
  if (over)
    return fail(
      over.at,
      `At ${clock(over.at)} ${over.action.node} was restored over, with the cafe on it. What had been paid since the mistake went with its files: ${payments(gone.length)}. Restore on another machine, and carry home what is missing.`,
    );
  if (!keys) return fail(evidence.drilledAt, 'No primary answers in the end, and nobody can pay.');
  const [first] = gone;
  if (first)
    return fail(
      first.answeredAt,
      `${payments(gone.length)} that came after the mistake are not on the primary any more, the first of ${clock(first.answeredAt)}: the table was replaced, and should have been completed.`,
    );
  const stands = longestAway(evidence, mistake, evidence.drilledAt);
  if (stands.length > seconds(MOST_AWAY))
    return fail(
      stands.from,
      `From ${clock(stands.from)} on nobody could pay for ${inSeconds(stands.length)} s.`,
    );
  return later.length === 0
    ? inconclusive(mistake, 'Nobody paid after the mistake.')
    : pass(`The tills went on, and all ${later.length} payments since the mistake are there.`);
};

export const judges = {
  switchover,
  'back-in-line': backInLine,
  'least-loss': leastLoss,
  'one-primary': onePrimary,
  'books-whole': booksWhole,
  'night-goes-on': nightGoesOn,
};
