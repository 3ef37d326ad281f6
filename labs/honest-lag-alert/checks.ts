import type { NodeView, StandbyView } from '../../src/cluster/cluster-view.ts';
import type { Evidence, Poll } from '../../src/grading/evidence.ts';
import { lagOf, type Span, troubleOf } from '../../src/grading/lag.ts';
import { misshapen } from '../../src/grading/polls.ts';
import { clock, fail, type Judge, pass } from '../../src/grading/verdict.ts';
import { after, between, type Duration, type Instant, ms, seconds } from '../../src/sim/instant.ts';

const PRIMARY = 'primary';
const STANDBYS = ['standby1', 'standby2'];
const LAG = seconds(5);
/** A lag that is not yet one to be called for. */
const TOLERATED = seconds(3);
const IN_TIME = seconds(10);
const FALLS_SILENT = seconds(15);

const anAnswer: Judge = ({ polls, drilledAt }) => {
  if (polls.length === 0) return fail(drilledAt, 'No query was given: nothing was asked.');
  for (const poll of polls) {
    const wrong = misshapen(poll, ['standby'], 'and more') ?? stranger(poll);
    if (wrong !== null) return fail(poll.at, wrong);
  }
  return pass(`All ${polls.length} askings were answered.`);
};

function stranger({ rows, at }: Poll): string | null {
  const row = rows.find(([name]) => !STANDBYS.includes(name ?? ''));
  return row
    ? `Asked at ${clock(at)}, your query names "${row[0]}". The standbys are ${STANDBYS.join(' and ')}.`
    : null;
}

const names = ({ error, rows }: Poll, standby: string): boolean =>
  error === null && rows.some(([name]) => name === standby);

const endOf = ({ rounds }: Evidence): Instant => rounds.at(-1)?.to as Instant;

const firesInTime: Judge = (evidence) => {
  const { polls, trace, takenOverAt } = evidence;
  const missed = STANDBYS.flatMap((standby) =>
    troubleOf(trace, PRIMARY, standby, LAG, endOf(evidence))
      .filter(({ from, to }) => from >= takenOverAt && between(from, to) > IN_TIME)
      .filter(({ from }) => {
        const limit = after(from, IN_TIME);
        return !polls.some((poll) => poll.at >= from && poll.at <= limit && names(poll, standby));
      })
      .map((span) => ({ standby, span })),
  ).toSorted((one, other) => one.span.from - other.span.from);
  const [first] = missed;
  if (first) {
    const at = after(first.span.from, IN_TIME);
    return fail(at, `${whatHappened(evidence, first)} ${whyMissed(evidence, first.standby, at)}`);
  }
  return pass('It fired in time whenever a standby lagged or was gone.');
};

interface Trouble {
  readonly standby: string;
  readonly span: Span;
}

/** The last asking by an instant, of one agent. */
const lastPoll = ({ polls }: Evidence, at: Instant, node?: string): Poll | undefined =>
  polls.findLast((poll) => poll.at <= at && (node === undefined || poll.node === node));

const nodeIn = ({ view }: Poll, name: string): NodeView | undefined =>
  view.nodes.find((node) => node.name === name);

function whatHappened(evidence: Evidence, { standby, span }: Trouble): string {
  const poll = lastPoll(evidence, after(span.from, IN_TIME));
  const gone = poll && nodeIn(poll, standby)?.standby?.state === null;
  const trouble = gone ? 'has had no connection to the primary' : 'has lagged by more than 5 s';
  return `${standby} ${trouble} since ${clock(span.from)}, and 10 s later the query had not named it.`;
}

function whyMissed(evidence: Evidence, standby: string, at: Instant): string {
  const poll = lastPoll(evidence, at);
  if (!poll) return 'Nothing was asked.';
  const seen = nodeIn(poll, standby)?.standby;
  if (!seen) return '';
  if (poll.node !== PRIMARY) return whyStandbyMissed(evidence, standby, at, seen);
  if (evidence.polls.every(({ rowCount }) => rowCount === 0))
    return `Asked ${evidence.polls.length} times on the primary, in all kinds of trouble, it never returned a row. Look at what its parts return there: what is NULL is never longer than 5 s.`;
  if (seen.state === null)
    return 'pg_stat_replication has no row for it, and on a row that is not there no condition is true.';
  const behind = primaryLsn(poll) - (seen.replayLsn ?? 0);
  if ((seen.replayLag ?? 0) > LAG)
    return `replay_lag said ${inSeconds(seen.replayLag)}, and it was ${behind} bytes behind. A quiet cafe writes little: bytes are not seconds.`;
  return `replay_lag said ${inSeconds(seen.replayLag)}, with ${behind} bytes still to replay: it is measured when a reply comes, and none came.`;
}

function whyStandbyMissed(
  evidence: Evidence,
  standby: string,
  at: Instant,
  seen: StandbyView,
): string {
  const own = lastPoll(evidence, at, standby);
  if (!own || between(own.at, at) > IN_TIME)
    return 'The agent that asks on a standby is gone with it.';
  return seen.ownReceiveLsn === seen.ownReplayLsn
    ? 'It had replayed all that it had received: a standby cannot know what it has not received.'
    : 'It had WAL that it had not replayed.';
}

const noFalseAlarm: Judge = (evidence) => {
  const { polls, trace } = evidence;
  for (const standby of STANDBYS) {
    const allowed = troubleOf(trace, PRIMARY, standby, TOLERATED, endOf(evidence));
    const lag = lagOf(trace, PRIMARY, standby);
    const alarm = polls.find(
      (poll) =>
        names(poll, standby) &&
        !allowed.some(({ from, to }) => poll.at >= from && poll.at <= after(to, FALLS_SILENT)),
    );
    if (alarm)
      return fail(
        alarm.at,
        `At ${clock(alarm.at)}, while ${alarm.round}, the query named ${standby}. ${whyFalse(evidence, alarm, standby, lag(alarm.at))}`,
      );
  }
  const quiet = polls.filter(({ round }) => round === 'the cafe is closed').length;
  return pass(`Every alarm had a reason, and in the closed hour all ${quiet} askings were silent.`);
};

function whyFalse(evidence: Evidence, poll: Poll, standby: string, lag: Duration): string {
  const seen = nodeIn(poll, standby)?.standby;
  const paid = evidence.requests.findLast(({ sentAt }) => sentAt <= poll.at);
  if (lag > 0) {
    const behind = primaryLsn(poll) - (seen?.replayLsn ?? 0);
    return `Its lag was ${inSeconds(lag)}, and it was ${behind} bytes behind: bytes are not seconds.`;
  }
  const since = paid ? `Nothing had been written since ${clock(paid.sentAt)}, and it` : 'It';
  if (poll.node !== PRIMARY)
    return `${since} had replayed everything. The time of the last replayed commit tells when the last commit was made, not how far behind a standby is.`;
  return `${since} had replayed everything. A standby with nothing to report replies every 10 s: silence is trouble only where something is left to replay.`;
}

const primaryLsn = (poll: Poll): number => nodeIn(poll, PRIMARY)?.flushLsn ?? 0;

const inSeconds = (length: Duration | null): string => {
  if (length === null) return 'NULL';
  return length < ms(1_000) ? `${Math.round(length / 1_000)} ms` : `${(length / 1e6).toFixed(1)} s`;
};

export const judges = {
  'an-answer': anAnswer,
  'fires-in-time': firesInTime,
  'no-false-alarm': noFalseAlarm,
};
