import type { SqlEngine } from '../cluster/sql-engine.ts';
import type { Deed, Evidence, Finding } from '../grading/evidence.ts';
import { historyOf } from '../grading/history.ts';
import { type Judge, type Judgement, overall, type Verdict } from '../grading/verdict.ts';
import { after, type Instant, laterOf, seconds } from '../sim/instant.ts';
import { drill } from './drill.ts';
import { PLACEHOLDER } from './fields.ts';
import type { StepWatcher } from './grading-step.ts';
import { carried } from './gset.ts';
import type { Lab, Script } from './lab.ts';
import type { LabAction } from './lab-action.ts';
import { LabRun, takeOver } from './lab-run.ts';
import { nodeInRole } from './roles.ts';
import { Watchers } from './watchers.ts';

/** What a learner did on the run of the shown seed, as a run record says it. Other seeds get it at the same instants. */
export interface Work {
  readonly actions: readonly { readonly at: Instant; readonly action: LabAction }[];
  /** Where her part of the run ended. */
  readonly until: Instant;
}

/** The work of one who does what a script says. */
export function workOf(lab: Lab, script: Script): Work {
  const actions = script.map(({ at, action }) => ({
    at: after(takeOver(lab), seconds(at)),
    action,
  }));
  return { actions, until: actions.at(-1)?.at ?? takeOver(lab) };
}

type RunHashes = ReturnType<LabRun['hashes']>;

/** What is done again of a learner's work: all, or her last answers alone, where the lab says so. */
export function replayedWork(lab: Lab, work: Work): Work {
  if (lab.replays === 'everything') return work;
  const given = work.actions.filter(({ action }) => action.kind === 'answer');
  const last = given.filter(
    ({ action }, i) =>
      !given.slice(i + 1).some((later) => questionOf(later.action) === questionOf(action)),
  );
  const at = takeOver(lab);
  return { actions: last.map(({ action }) => ({ at, action })), until: at };
}

const questionOf = (action: LabAction): string | null =>
  action.kind === 'answer' ? action.id : null;

/** What a learner's own run comes to when all of its actions are done again: what her file must say. */
export async function hashesOf(
  lab: Lab,
  seed: number,
  work: Work,
  engine: SqlEngine,
): Promise<RunHashes> {
  const run = await LabRun.open(lab, seed, engine);
  try {
    for (const { at, action } of work.actions) {
      await run.advance(at);
      await run.attempt(action);
    }
    await run.advance(work.until);
    return run.hashes();
  } finally {
    run.close();
  }
}

/** One run that was graded. */
export interface GradedRun {
  readonly seed: number;
  readonly evidence: Evidence;
  readonly judgements: ReadonlyMap<string, Judgement>;
  /** What was done to it, the drill included: from these actions the run comes again, to be opened at a verdict's instant. */
  readonly actions: Work['actions'];
  /** Where the run ended, the drill included. */
  readonly until: Instant;
  /** The learner's actions that could not be done at their moment of this run. */
  readonly refused: readonly LabAction[];
  /** Of the learner's part alone: what her own run must have come to. Null where her answers alone were done again. */
  readonly hashes: RunHashes | null;
}

/**
 * A verdict for each check of a lab: the work is done again on every seed of the lab, each run goes through the drill,
 * and what is recorded is judged.
 */
export async function grade(
  lab: Lab,
  work: Work,
  engine: SqlEngine,
): Promise<{ readonly verdicts: readonly Verdict[]; readonly runs: readonly GradedRun[] }> {
  const runs: GradedRun[] = [];
  for (const seed of lab.seeds) runs.push(await gradeOn(lab, seed, work, engine));
  const verdictsOf = (check: string) =>
    runs.flatMap(({ seed, judgements }) => {
      const judgement = judgements.get(check);
      return judgement ? [{ check, seed, judgement }] : [];
    });
  return { verdicts: lab.checks.map(({ id }) => overall(verdictsOf(id))), runs };
}

/** Does the work, or the answers of it, again on one seed, puts the run through the drill, and judges what is recorded. */
export async function gradeOn(
  lab: Lab,
  seed: number,
  whole: Work,
  engine: SqlEngine,
  watch: StepWatcher = () => {},
): Promise<GradedRun> {
  const work = replayedWork(lab, whole);
  watch({ kind: 'start' });
  const run = await LabRun.open(lab, seed, engine);
  try {
    const deeds: Deed[] = [];
    const refused: LabAction[] = [];
    for (const [index, { at, action }] of work.actions.entries()) {
      watch({ kind: 'work', done: index, of: work.actions.length });
      await run.advance(at);
      const done = await run.attempt(action);
      if (!done) refused.push(action);
      if (action.kind !== 'answer') deeds.push({ at: run.now, action, refused: !done });
    }
    watch({ kind: 'rest' });
    await run.advance(work.until);
    const hashes = lab.replays === 'everything' ? run.hashes() : null;
    await run.advance(laterOf(work.until, after(takeOver(lab), seconds(lab.drill.after))));
    const drilledAt = run.now;
    const watchers = new Watchers(run, lab, seed);
    const rounds = await drill(run, lab, watchers, watch);
    watch({ kind: 'judging' });
    const found = await inspect(run, lab);
    const evidence: Evidence = {
      seed,
      takenOverAt: takeOver(lab),
      drilledAt,
      requests: historyOf(run.sent, run.statements, run.trace),
      deeds,
      answers: run.answers,
      names: run.names,
      drawn: run.drawn,
      rounds,
      polls: watchers.polls,
      reads: run.reads,
      statements: run.statements,
      trace: run.trace,
      found,
    };
    const judgements = new Map(
      lab.checks.map(({ id }) => [id, (lab.judges[id] as Judge)(evidence)]),
    );
    const { actions, now: until } = run;
    return { seed, evidence, judgements, actions, until, refused, hashes };
  } finally {
    run.close();
  }
}

/** Asks copies what the lab wants to know in the end. */
async function inspect(run: LabRun, lab: Lab): Promise<Evidence['found']> {
  const found: Record<string, Finding> = {};
  for (const { id, node, sql } of lab.drill.inspect) {
    const asked = await filled(run, lab, sql);
    const { results, error } = await run.ask(nodeInRole(node, run.stage) ?? node, asked);
    found[id] = { at: run.now, rows: results.at(-1)?.rows ?? [], error };
  }
  return found;
}

/** Its answers in their places, with what one carries from another. */
async function filled(run: LabRun, { answers }: Lab, sql: string): Promise<string> {
  let text = sql;
  for (const [place, id = ''] of sql.matchAll(PLACEHOLDER)) {
    const answer = await carried(answers, run.answers, id, run.answerTo(id), (node, first) =>
      run.ask(node, first),
    );
    text = text.replace(place, () => answer);
  }
  return text;
}
