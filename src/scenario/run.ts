import type { Scenario, Step } from './scenario.ts';
import {
  type Action,
  ActionFailed,
  type Reply,
  type ScenarioTarget,
  SettingRefused,
} from './target.ts';
import {
  failureLine,
  type LineHead,
  outcomeLine,
  type TranscriptLine,
  waitingLine,
} from './transcript.ts';
import { UsageError } from './usage-error.ts';

/** A step that has not finished after this time is printed as blocked. */
const BLOCKED_AFTER_MS = 1000;

/**
 * While steps are blocked, a step lasts this much longer than its own answer, so that what it sets free (a commit after
 * a thaw, an UPDATE after a COMMIT) finishes during it, on a busy machine too, and not by chance during the next.
 */
const CONSEQUENCES_MS = 250;

/** Less time than this is no time: a clock in whole microseconds would not move. */
const CLOCK_GRAIN_MS = 0.001;

/** A step that was sent, and whose end is not printed yet. */
interface Running {
  readonly step: Extract<Step, { kind: 'sql' }>;
  readonly reply: Reply;
  /** Whether the script went on without it. */
  isBlocked: boolean;
}

/**
 * Runs a scenario to its end and hands each line of the transcript to `print` as it becomes known. The target is
 * started and, whatever happens, stopped.
 * @throws {UsageError} where the target cannot do what a step asks, a setting is refused, or a step is sent to a session
 * whose step is still blocked.
 */
export async function runScenario(
  scenario: Scenario,
  target: ScenarioTarget,
  print: (line: TranscriptLine) => void,
): Promise<void> {
  try {
    refuseUnsupported(scenario, target);
    await target.start(scenario.cluster);
    await new Run(target, print).play(scenario.steps);
  } catch (error) {
    if (error instanceof SettingRefused) {
      throw new UsageError(error.setting.line, error.message);
    }
    throw error;
  } finally {
    await target.stop();
  }
}

function refuseUnsupported(scenario: Scenario, target: ScenarioTarget): void {
  for (const step of scenario.steps) {
    if (step.kind !== 'act') continue;
    const reason = target.unsupported[step.action.kind];
    if (reason !== undefined) {
      throw new UsageError(step.line, `@${step.action.kind} cannot run on this cluster: ${reason}`);
    }
  }
}

/** One play of the steps on a started cluster. */
class Run {
  readonly #target: ScenarioTarget;
  readonly #print: (line: TranscriptLine) => void;
  readonly #began: number;
  /** In the order of the steps, at most one for each session. */
  readonly #running: Running[] = [];
  /** By node and session. */
  readonly #values = new Map<string, string>();

  constructor(target: ScenarioTarget, print: (line: TranscriptLine) => void) {
    this.#target = target;
    this.#print = print;
    this.#began = target.elapsedMs();
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'sql') await this.#sql(step);
      else if (step.kind === 'wait') await this.#pass(step.ms, step.number, () => false);
      else if (step.kind === 'log') this.#log(step, step.node);
      else await this.#act(step, this.#filled(step.action));
      await this.#pass(CONSEQUENCES_MS, step.number, () => this.#running.length === 0);
    }
    for (const { step } of this.#running) {
      this.#print(waitingLine(headOf(step), this.#now(), 'unfinished'));
    }
  }

  async #sql(step: Running['step']): Promise<void> {
    const { node, session } = step;
    const busy = this.#running.find(
      (one) => one.step.node === node && one.step.session === session,
    );
    if (busy !== undefined) {
      throw new UsageError(
        step.line,
        `session "${session}" of ${node} is still blocked in the step of line ${busy.step.line}; ` +
          'end that first, or use another session',
      );
    }
    const reply = this.#target.send(node, session, this.#fill(step.sql));
    const running = { step, reply, isBlocked: false };
    this.#running.push(running);
    const ended = (): boolean => !this.#running.includes(running);
    await this.#pass(BLOCKED_AFTER_MS, step.number, ended);
    if (ended()) return;
    running.isBlocked = true;
    this.#print(waitingLine(headOf(step), this.#now(), 'blocked'));
  }

  async #act(step: Step, action: Action): Promise<void> {
    try {
      await this.#target.act(action);
      this.#printEnded(step.number);
    } catch (error) {
      if (!(error instanceof ActionFailed)) throw error;
      this.#printEnded(step.number);
      this.#print(failureLine(headOf(step), this.#now(), error.message));
    }
  }

  #log(step: Step, node: string): void {
    const notices = this.#target.serverLog(node);
    const at = this.#now();
    const outcome = { state: 'done', results: [], notices, error: null, atMs: at } as const;
    this.#print(outcomeLine(headOf(step), at, outcome, null));
  }

  /** `{NODE SESSION}` is the first value of that session's last answer. */
  #fill(text: string): string {
    return text.replaceAll(/\{(\S+ \S+)\}/g, (whole, of: string) => this.#values.get(of) ?? whole);
  }

  #filled(action: Action): Action {
    if (action.kind === 'damage') return { ...action, file: this.#fill(action.file) };
    return action.kind === 'restore' ? { ...action, conf: this.#fill(action.conf) } : action;
  }

  /** Lets time pass, printing each step that ends meanwhile, until `enough()` or the time is over. */
  async #pass(ms: number, during: number, enough: () => boolean): Promise<void> {
    const deadline = this.#target.elapsedMs() + ms;
    this.#printEnded(during);
    while (!enough()) {
      const left = deadline - this.#target.elapsedMs();
      if (left < CLOCK_GRAIN_MS) return;
      await this.#target.until(() => this.#running.some(hasEnded), left);
      this.#printEnded(during);
    }
  }

  /** Prints what has ended since, by time and, at the same instant, by step. */
  #printEnded(during: number): void {
    const ended = this.#running
      .flatMap((running) => {
        const { outcome } = running.reply;
        return outcome === undefined ? [] : [{ running, outcome, step: running.step }];
      })
      .sort((a, b) => a.outcome.atMs - b.outcome.atMs || a.step.number - b.step.number);
    for (const { running, outcome, step } of ended) {
      this.#running.splice(this.#running.indexOf(running), 1);
      const value = outcome.results.flatMap(({ rows }) => rows)[0]?.[0];
      if (value != null) this.#values.set(`${step.node} ${step.session}`, value);
      const at = outcome.atMs - this.#began;
      this.#print(outcomeLine(headOf(step), at, outcome, running.isBlocked ? during : null));
    }
  }

  #now(): number {
    return this.#target.elapsedMs() - this.#began;
  }
}

function hasEnded({ reply }: Running): boolean {
  return reply.outcome !== undefined;
}

function headOf(step: Step): LineHead {
  const head = { step: step.number, line: step.line };
  if (step.kind === 'sql') return { ...head, node: step.node, session: step.session };
  if (step.kind === 'log') return { ...head, node: step.node, session: null };
  const node = step.kind === 'act' && 'node' in step.action ? step.action.node : null;
  return { ...head, node, session: null };
}
