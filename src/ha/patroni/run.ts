/** A Patroni process at work: what its loop and the task beside it share, and how they wait. */
import { after, type Duration, type Instant, ms, seconds } from '../../sim/instant.ts';
import type { CallbackName } from '../configuration.ts';
import type { DcsKeys } from '../dcs-keys.ts';
import type { DcsAnswer, DcsOperation } from '../dcs-port.ts';
import type { LogLevel, PostgresRole, PostgresState } from '../patroni-words.ts';
import type { PostgresCommand } from '../postgres-port.ts';
import { type Identity, type Memory, watchdogTimeout } from './memory.ts';
import type { Answer, Look, PatroniEffect, PatroniInput, PatroniRequest } from './port.ts';

/** Work that waits: it goes on when all these answers are there, or at the instant. */
export type Call<T> = Generator<Wait, T, void>;

export interface Wait {
  readonly answers: readonly number[];
  readonly until: Instant;
}

/** DCSError: no member of the DCS has answered within retry_timeout. */
export class DcsError extends Error {
  override readonly name = 'DcsError';
}

/** Patroni's REST requests to other nodes (ha.py, fetch_node_status). */
const REST_TIMEOUT = seconds(2);

interface Thread {
  readonly work: Call<void>;
  readonly wait: Wait;
  readonly token: number;
}

export class Run {
  readonly identity: Identity;
  readonly memory: Memory;
  at: Instant;
  look: Look;
  #effects: PatroniEffect[] = [];
  #nextId: number;
  readonly #answers = new Map<number, Answer>();
  readonly #threads = new Map<'loop' | 'task', Thread>();

  constructor(identity: Identity, memory: Memory, at: Instant, look: Look, nextId: number) {
    this.identity = identity;
    this.memory = { ...memory };
    this.at = at;
    this.look = look;
    this.#nextId = nextId;
  }

  get nextId(): number {
    return this.#nextId;
  }

  /** Whether neither the loop nor a task is in the middle of something. */
  get idle(): boolean {
    return this.#threads.size === 0;
  }

  /** One input; what comes of it. `loop` makes the work of one turn of the loop. */
  step(
    input: PatroniInput,
    at: Instant,
    look: Look,
    loop: (run: Run) => Call<void>,
  ): readonly PatroniEffect[] {
    this.#effects = [];
    this.at = at;
    this.look = look;
    const { memory } = this;
    if (input.kind === 'answer') this.#answers.set(input.id, input.answer);
    if (input.kind === 'wake') memory.woken = true;
    if (input.kind === 'reinitialize') {
      memory.reinitializeAsked = true;
      memory.woken = true;
    }
    if (input.kind === 'failsafe')
      memory.failsafe = { leader: input.leader, until: after(at, memory.dynamic.ttl) };
    if (input.kind === 'begin') this.#wakeAt(at);
    for (const name of ['task', 'loop'] as const) {
      const thread = this.#threads.get(name);
      if (thread === undefined) continue;
      const due =
        at >= thread.wait.until ||
        (thread.wait.answers.length > 0 &&
          thread.wait.answers.every((id) => this.#answers.has(id)));
      if (due) this.#resume(name, thread.work);
    }
    const sleeps = !this.#threads.has('loop');
    if (sleeps && (at >= memory.nextRun || memory.woken)) {
      memory.woken = false;
      memory.nextRun = at;
      this.#resume('loop', this.#turn(loop(this)));
    }
    if (this.idle) this.#answers.clear();
    return this.#effects;
  }

  /** Patroni's schedule_next_run: one turn every loop_wait, at once where it is late. */
  *#turn(work: Call<void>): Call<void> {
    yield* work;
    const { memory } = this;
    memory.nextRun = after(memory.nextRun, memory.dynamic.loopWait);
    if (memory.nextRun <= this.at) {
      this.log('WARNING', 'Loop time exceeded, rescheduling immediately.');
      memory.nextRun = after(this.at, ms(1));
    }
  }

  #resume(name: 'loop' | 'task', work: Call<void>): void {
    const { done, value } = work.next();
    if (done) {
      this.#threads.delete(name);
      if (name === 'task') {
        this.memory.busyWith = null;
        this.memory.woken = true;
      } else this.#wakeAt(this.memory.woken ? this.at : this.memory.nextRun);
      return;
    }
    const token = this.#nextId++;
    this.#threads.set(name, { work, wait: value, token });
    this.#effects.push({ kind: 'timer', at: value.until, token });
  }

  #wakeAt(at: Instant): void {
    this.#effects.push({ kind: 'timer', at, token: this.#nextId++ });
  }

  /** Begins work beside the loop. Null, or what is under way already. */
  startTask(name: string, work: Call<unknown>): string | null {
    const { busyWith } = this.memory;
    if (busyWith !== null) return `${busyWith} already in progress`;
    this.memory.busyWith = name;
    this.#resume('task', discard(work));
    return null;
  }

  /** Ends the task beside the loop where it stands. */
  abandonTask(): void {
    this.#threads.delete('task');
    this.memory.busyWith = null;
  }

  *sleep(length: Duration): Call<void> {
    yield { answers: [], until: after(this.at, length) };
  }

  /** Asks all of them at once; answers that have come after two seconds. */
  *askNodes(nodes: readonly string[], request: PatroniRequest): Call<ReadonlyMap<string, Answer>> {
    const asked = nodes.map((node) => [node, this.#send(node, request)] as const);
    const found = new Map<string, Answer>();
    if (asked.length === 0) return found;
    yield { answers: asked.map(([, id]) => id), until: after(this.at, REST_TIMEOUT) };
    for (const [node, id] of asked) {
      const answer = this.#take(id);
      if (answer !== null) found.set(node, answer);
    }
    return found;
  }

  /** An operation on the DCS. It goes from member to member until retry_timeout is over; then DcsError. */
  *dcs(operation: DcsOperation): Call<DcsAnswer> {
    const { memory, identity } = this;
    const { retryTimeout } = memory.dynamic;
    const members = identity.dcsMembers;
    const deadline = after(this.at, retryTimeout);
    const each = Math.round(retryTimeout / members.length) as Duration;
    while (this.at < deadline) {
      const id = this.#send(members[memory.dcsMember % members.length] ?? '', {
        kind: 'dcs',
        operation,
      });
      const until = Math.min(after(this.at, each), deadline) as Instant;
      yield { answers: [id], until };
      const answer = this.#take(id);
      if (answer?.kind === 'dcs') return answer.answer;
      memory.dcsMember++;
    }
    throw new DcsError('etcd does not answer');
  }

  #send(to: string, request: PatroniRequest): number {
    const id = this.#nextId++;
    this.#effects.push({ kind: 'send', to, id, request });
    return id;
  }

  #take(id: number): Answer | null {
    const answer = this.#answers.get(id) ?? null;
    this.#answers.delete(id);
    return answer;
  }

  log(level: LogLevel, text: string): void {
    this.#effects.push({ kind: 'log', level, text });
  }

  info(text: string): void {
    this.log('INFO', text);
  }

  postgres(command: PostgresCommand): void {
    this.#effects.push({ kind: 'postgres', command });
  }

  callback(name: CallbackName): void {
    const script = this.identity.local.callbacks[name];
    if (script) this.#effects.push({ kind: 'callback', name, script });
  }

  feedWatchdog(): void {
    const { memory, identity } = this;
    if (!memory.watchdogActive) return;
    const timeout = watchdogTimeout(identity.local, memory.dynamic);
    this.#effects.push({ kind: 'watchdog', do: 'feed', timeout });
  }

  closeWatchdog(): void {
    if (this.memory.watchdogActive) this.#effects.push({ kind: 'watchdog', do: 'close' });
    this.memory.watchdogActive = false;
  }

  get keys(): DcsKeys {
    if (this.memory.keys === null) throw new Error('the DCS has not been read');
    return this.memory.keys;
  }

  get node(): string {
    return this.identity.node;
  }

  get isPrimary(): boolean {
    return this.isRunning && !this.look.own.inRecovery;
  }

  get isRunning(): boolean {
    return ['up', 'starting', 'stopping'].includes(this.look.own.status);
  }

  get isLeader(): boolean {
    return this.memory.leaderUntil > this.at;
  }

  get isPaused(): boolean {
    return this.memory.dynamic.pause;
  }

  setState(state: PostgresState): void {
    if (this.memory.state === state) return;
    this.memory.state = state;
    this.memory.stateSince = this.at;
  }

  setRole(role: PostgresRole): void {
    this.memory.role = role;
  }

  setLeader(is: boolean): void {
    this.memory.leaderUntil = is ? after(this.at, this.memory.dynamic.ttl) : (0 as Instant);
    if (!is) this.memory.promotedAt = null;
  }

  hasLock(say = true): boolean {
    const owner = this.keys.leader?.value ?? null;
    if (say) this.info(`Lock owner: ${owner ?? 'None'}; I am ${this.node}`);
    return owner === this.node;
  }
}

function* discard(work: Call<unknown>): Call<void> {
  yield* work;
}
