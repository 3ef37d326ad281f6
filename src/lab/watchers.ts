import type { StatementView } from '../cluster/cluster-view.ts';
import { drawSeconds } from '../cluster/workload/client.ts';
import type { Poll } from '../grading/evidence.ts';
import { after, type Instant, ms, seconds } from '../sim/instant.ts';
import { Prng } from '../sim/prng.ts';
import { currentAnswer } from './answers.ts';
import type { Lab, Watcher } from './lab.ts';
import type { LabRun } from './lab-run.ts';

/** Rows of an answer that are kept for the checks. */
const ROWS_KEPT = 100;
/** A query with more rows than this is not asked again: no reader would go through them. */
const ROWS_MAX = 1_000;
const SESSION = 'watcher';
/** What a session of a watcher begins with: it reads, and does not wait for ever. */
const RULES = "set default_transaction_read_only = on; set statement_timeout = '2s'";

const LOST = { sqlstate: '08006', message: 'the connection ended' };

interface Post {
  readonly watcher: Watcher;
  readonly sql: string;
  readonly random: Prng;
  nextAt: Instant;
  /** Index of the statement that it waits for, with what is known of its asking. */
  asked: { readonly statement: number; readonly poll: Pick<Poll, 'round' | 'at' | 'view'> } | null;
  gaveUp: boolean;
}

/**
 * The watchers of a lab at work on the grader's run. They ask in sessions of their own, so that what they do is done to
 * the run as a learner would do it, and comes again with it. An answer that was not given is not asked.
 */
export class Watchers {
  readonly #run: LabRun;
  readonly #posts: readonly Post[];
  readonly #polls: Poll[] = [];

  constructor(run: LabRun, lab: Lab, seed: number) {
    this.#run = run;
    const answer = (id: string) => currentAnswer(lab.answers, run.answers, id);
    this.#posts = lab.drill.watchers
      .filter(({ where }) => !where || answer(where.answer) === where.is)
      .flatMap((watcher) => {
        const sql = answer(watcher.answer);
        const random = Prng.seeded(seed).fork(`watcher ${watcher.name} on ${watcher.node}`);
        const post = { watcher, sql, random, nextAt: run.now, asked: null, gaveUp: false };
        return sql.trim() === '' ? [] : [post];
      });
  }

  get polls(): readonly Poll[] {
    return this.#polls;
  }

  /** Lets time pass until an instant, and asks whenever it is time to ask. */
  async watch(until: Instant, round: string, every?: readonly [number, number]): Promise<void> {
    const run = this.#run;
    for (const post of this.#posts) post.nextAt = this.#next(post, every);
    for (;;) {
      const due = this.#posts
        .filter(({ gaveUp, nextAt }) => !gaveUp && nextAt <= until)
        .toSorted((one, other) => one.nextAt - other.nextAt)[0];
      if (!due) break;
      await run.advance(due.nextAt);
      this.#hear(due);
      if (!due.asked) await this.#ask(due, round);
      due.nextAt = this.#next(due, every);
    }
    await run.advance(until);
    for (const post of this.#posts) this.#hear(post);
  }

  #next({ random, watcher }: Post, every: readonly [number, number] = watcher.every): Instant {
    return after(this.#run.now, seconds(drawSeconds(random, every)));
  }

  async #ask(post: Post, round: string): Promise<void> {
    const run = this.#run;
    const { node } = post.watcher;
    const to = { kind: 'sql', node, session: SESSION } as const;
    const sessions = run.view().nodes.find(({ name }) => name === node)?.sessions ?? [];
    if (!sessions.some(({ name }) => name === SESSION)) {
      await run.attempt({ ...to, sql: RULES });
      await run.advance(after(run.now, ms(1)));
    }
    const view = run.view();
    const statement = run.statements.length;
    if (!(await run.attempt({ ...to, sql: post.sql }))) return;
    post.asked = { statement, poll: { round, at: run.now, view } };
    this.#hear(post);
  }

  /** Takes down the answer, if it has come. */
  #hear(post: Post): void {
    if (!post.asked) return;
    const { statement, poll } = post.asked;
    const { answeredAt, state, error, results } = this.#run.statements[statement] as StatementView;
    if (answeredAt === null) return;
    post.asked = null;
    const { name: watcher, node } = post.watcher;
    const { columns = [], rows = [], omittedRows = 0 } = results.at(-1) ?? {};
    const rowCount = rows.length + omittedRows;
    post.gaveUp = rowCount > ROWS_MAX;
    this.#polls.push({
      ...poll,
      watcher,
      node,
      answeredAt,
      error: error ?? (state === 'lost' ? LOST : null),
      columns,
      rows: rows.slice(0, ROWS_KEPT),
      rowCount,
    });
  }
}
