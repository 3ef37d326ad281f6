import type { StandbyView } from '../../src/cluster/cluster-view.ts';
import type { Evidence, Poll } from '../../src/grading/evidence.ts';
import { misshapen } from '../../src/grading/polls.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import type { Instant } from '../../src/sim/instant.ts';

const COLUMNS = ['standby', 'stage'];
const STAGES = ['link', 'disk', 'replay', 'none'];
/** What the query said of one standby at one asking, and what was seen of that standby then. */
interface Said {
  readonly at: Instant;
  readonly stage: string;
  readonly seen: StandbyView;
}

const standbysOf = ({ view }: Poll) =>
  view.nodes.flatMap(({ name, standby }) => (standby ? [{ name, seen: standby }] : []));

/** What does not fit the rules of the task, whichever stage is slow. */
function unfit(poll: Poll): string | null {
  const wrong = misshapen(poll, COLUMNS);
  if (wrong !== null) return wrong;
  const asked = `Asked at ${clock(poll.at)}, your query`;
  const names = standbysOf(poll).map(({ name }) => name);
  const stranger = poll.rows.find(([name]) => !names.includes(name ?? ''));
  if (stranger)
    return `${asked} returns a row for "${stranger[0]}". The standbys are ${names.join(' and ')}.`;
  for (const name of names) {
    const rows = poll.rows.filter(([standby]) => standby === name);
    if (rows.length !== 1)
      return `${asked} returns ${rows.length === 0 ? 'no row' : `${rows.length} rows`} for ${name}. The task asks for one.`;
  }
  const other = poll.rows.find(([, stage]) => !STAGES.includes(stage ?? ''));
  return other
    ? `${asked} calls the stage "${other[1]}". The words are ${STAGES.join(', ')}.`
    : null;
}

const anAnswer: Judge = ({ polls, drilledAt }) => {
  if (polls.length === 0) return fail(drilledAt, 'No query was given: nothing was asked.');
  for (const poll of polls) {
    const wrong = unfit(poll);
    if (wrong !== null) return fail(poll.at, wrong);
  }
  return pass(`All ${polls.length} askings were answered.`);
};

const rightStage: Judge = (evidence) => {
  const polls = evidence.polls.filter((poll) => unfit(poll) === null);
  const [first] = polls;
  if (!first)
    return inconclusive(evidence.drilledAt, 'There is no answer that could be right or wrong.');
  for (const { name } of standbysOf(first)) {
    const truth = truthOf(evidence, name);
    const said = polls.map((poll) => saidOf(poll, name));
    const wrong = said.filter(({ stage }) => stage !== truth);
    const [one] = wrong;
    if (one && 2 * wrong.length >= said.length)
      return fail(
        one.at,
        `${mistake(name, truth, said.length, wrong)} ${reason(truth, said, wrong)}`,
      );
  }
  return pass(causeInWords(evidence));
};

function truthOf({ drawn }: Evidence, name: string): string {
  const cause = drawn.cause;
  return cause?.standby === name ? (cause.stage ?? 'none') : 'none';
}

function saidOf({ at, rows, view }: Poll, name: string): Said {
  const stage = rows.find(([standby]) => standby === name)?.[1] ?? '';
  const seen = view.nodes.find((node) => node.name === name)?.standby as StandbyView;
  return { at, stage, seen };
}

const SLOW: Readonly<Record<string, string>> = {
  link: 'its link is slow',
  disk: 'its disk is slow',
  replay: 'its replay is slow',
  none: 'nothing of it is slow',
};

function mistake(name: string, truth: string, asked: number, wrong: readonly Said[]): string {
  const [first] = wrong as readonly [Said];
  return `Of ${name}, ${SLOW[truth]}; ${wrong.length} of ${asked} answers say otherwise, the first at ${clock(first.at)}: "${first.stage}".`;
}

/** Which of the positions is left furthest behind, in bytes, and how far. */
function largestGap({ sentLsn, writeLsn, flushLsn, replayLsn }: StandbyView) {
  const gaps = [
    { stage: 'link', bytes: (sentLsn ?? 0) - (writeLsn ?? 0) },
    { stage: 'disk', bytes: (writeLsn ?? 0) - (flushLsn ?? 0) },
    { stage: 'replay', bytes: (flushLsn ?? 0) - (replayLsn ?? 0) },
  ];
  return gaps.reduce((best, gap) => (gap.bytes > best.bytes ? gap : best));
}

/** Whether every answer is the stage between whose two positions most WAL lay. */
const followsBytes = (said: readonly Said[]): boolean =>
  said.every(({ stage, seen }) => {
    const { stage: largest, bytes } = largestGap(seen);
    return bytes === 0 ? stage === 'none' : stage === largest;
  });

const inMs = (lag: number | null): string =>
  lag === null ? 'NULL' : `${(lag / 1_000).toFixed(0)} ms`;
const lags = ({ writeLag, flushLag, replayLag }: StandbyView): string =>
  `write_lag was ${inMs(writeLag)} then, flush_lag ${inMs(flushLag)}, replay_lag ${inMs(replayLag)}`;

/** Why it went wrong, by what the answers follow. */
function reason(truth: string, said: readonly Said[], wrong: readonly Said[]): string {
  const [{ seen, stage }] = wrong as readonly [Said];
  const says = (list: readonly Said[], one: string) => list.some((each) => each.stage === one);
  if (truth !== 'none' && said.some((one) => one.stage !== stage) && followsBytes(said)) {
    const { bytes } = largestGap(seen);
    return `${bytes === 0 ? 'No' : bytes} bytes lay between the positions that you compare then, and half a second later it was otherwise: bytes tell where WAL is at one moment, not how long it has been there.`;
  }
  if (truth === 'disk' && says(wrong, 'link'))
    return `${lags(seen)}. One process receives and fsyncs: while it waits for its disk it reads nothing, and WAL seems to be late on the link.`;
  if (truth !== 'replay' && says(wrong, 'replay'))
    return `${lags(seen)}. What is late to arrive is late to be replayed: a distance that ends at replay_lsn counts every stage before replay as well.`;
  if (truth === 'replay' && says(wrong, 'none'))
    return `${lags(seen)}. Between two commits nothing may be left to replay, and the first report of the next commit guesses its replay_lag.`;
  return `${lags(seen)}.`;
}

function causeInWords({ drawn }: Evidence): string {
  const { standby = '', stage = 'none' } = drawn.cause ?? {};
  return stage === 'none'
    ? 'Nothing was slow, and the query says so.'
    : `The query finds the ${stage} of ${standby}.`;
}

export const judges = { 'an-answer': anAnswer, 'right-stage': rightStage };
