import type { Lsn } from '../postgres/lsn.ts';
import type { ConflictReason } from '../postgres/recovery-conflict.ts';
import type { ReplicationInput } from '../postgres/replication-port.ts';
import { type Instant, us } from '../sim/instant.ts';
import { ActionRefused } from './action.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { StatementView, TraceEvent, WaitingCommit } from './cluster-view.ts';
import { describeCycle, findCycle, waitGraph } from './deadlock.ts';
import {
  activityOf,
  commitsThatWait,
  type Flight,
  type FlightEvent,
  lockSince,
  newFlight,
  queuedBefore,
} from './flight.ts';
import { FlightRequests } from './flight-requests.ts';
import { messages } from './messages.ts';
import type { QueuedLock } from './primary-host.ts';
import { runString } from './run-string.ts';
import type { SessionActivity } from './server-state.ts';
import type { Session } from './session.ts';
import { idleTimers, type Timer, timersOfWait } from './session-timeouts.ts';
import type { Server, ServerMessage } from './sql-engine.ts';
import { type Answer, answerInTrace, waitInTrace } from './statement-answer.ts';
import { StatementBook } from './statement-book.ts';
import type { PieceOutcome } from './statement-outcome.ts';
import type { Wait, Wake } from './wait.ts';

export interface FlightsHost {
  now(): Instant;
  node(name: string): ClusterNode;
  feed(input: ReplicationInput): void;
  schedule(at: Instant, event: FlightEvent): void;
  /** Work for the host that must be done before virtual time goes on. */
  job(work: () => Promise<void>): void;
  /** Tells the replication machine of WAL that was written. */
  publish(): void;
  trace(event: TraceEvent): void;
}

/** What a statement costs on its server, apart from waiting: a model, the same for all. */
const STATEMENT_COST = us(100);

/** All statements that clients sent: those in flight with their waits, and what became of the others. */
export class Flights {
  readonly #host: FlightsHost;
  readonly #book = new StatementBook();
  readonly #active = new Map<number, Flight>();
  readonly #requests = new FlightRequests();
  readonly #ready: { readonly flight: Flight; readonly wake: Wake }[] = [];
  #executing = false;

  constructor(host: FlightsHost) {
    this.#host = host;
  }

  get statements(): StatementView[] {
    return this.#book.all;
  }

  /** Throws where the session has not been answered yet: a client sends one string at a time. */
  checkIdle(node: string, session: string): void {
    const flight = this.#of(this.#host.node(node).sessions.get(session));
    if (flight)
      throw new ActionRefused(
        `session "${session}" on ${node} still runs: ${flight.sql.slice(0, 60)}`,
      );
  }

  /** Commits of sessions that wait for standbys, by statement. */
  waitingCommits(): readonly WaitingCommit[] {
    return commitsThatWait(this.#active.values());
  }

  send(nodeName: string, sessionName: string, sql: string): void {
    const node = this.#host.node(nodeName);
    const at = this.#host.now();
    const known = node.sessions.get(sessionName);
    const ended = known?.ended;
    const sentIn = ended ? 'idle' : (known?.status ?? 'idle');
    const id = this.#book.add({ node: nodeName, session: sessionName, sql, sentAt: at, sentIn });
    if (ended) node.sessions.delete(sessionName);
    if (ended || !node.accepting) {
      this.#answer(id, { state: 'lost', error: ended?.error ?? null });
      return;
    }
    const session = node.session(sessionName);
    session.statementId = id;
    session.queryStart = at;
    session.stateChange = at;
    const running = runString(node, session, sql, STATEMENT_COST);
    const flight = newFlight({ id, node: nodeName, session, sql, running }, at);
    this.#active.set(id, flight);
    this.#resume(flight, { kind: 'done' });
  }

  cancel(session: Session): void {
    const flight = this.#of(session);
    if (flight && ['time', 'lock', 'sync'].includes(flight.wait?.kind ?? ''))
      this.#interrupt(flight, { kind: 'cancel' });
    else if (flight?.wait?.kind === 'flush') flight.pending ??= { kind: 'cancel' };
  }

  terminate(session: Session): void {
    const flight = this.#of(session);
    if (flight?.wait?.kind === 'flush') flight.pending = { kind: 'terminate' };
    else if (flight?.wait) this.#interrupt(flight, { kind: 'terminate' });
    else if (!flight) this.#end(session, messages.terminated);
  }

  /**
   * Replay on a standby has waited long enough for this session, or looks whether both wait for each other
   * (ProcessRecoveryConflictInterrupt). Tells whether the conflict ends something.
   */
  conflict(session: Session, reason: ConflictReason): boolean {
    const flight = this.#of(session);
    if (reason === 'deadlock') {
      // Without a lock to wait for there is no deadlock. Between two locks it is one like any other.
      if (flight?.wait?.kind !== 'lock') return false;
      if (this.#host.node(flight.node).standby.lockOfReplay() !== null) {
        this.#checkDeadlock(flight);
        return false;
      }
    }
    if (flight?.wait?.kind === 'time' || flight?.wait?.kind === 'lock')
      this.#interrupt(flight, { kind: 'conflict', reason });
    else if (flight) flight.pending ??= { kind: 'conflict', reason };
    else this.#end(session, messages.endedByConflict(reason));
    return true;
  }

  /** Every session of a node is gone. `panic`: what those hear last whose WAL could not be written. */
  lose(nodeName: string, panic: ServerMessage | null): void {
    for (const flight of this.#active.values()) {
      if (flight.node !== nodeName) continue;
      this.#active.delete(flight.id);
      flight.turn++;
      flight.session.transaction?.seat?.seat.server.close();
      const error = flight.wait?.kind === 'flush' ? panic : null;
      this.#answer(flight.id, { state: 'lost', error });
      this.#host.node(nodeName).sessions.delete(flight.session.name);
    }
    for (const session of this.#host.node(nodeName).sessions.values())
      session.ended ??= { error: null };
  }

  /** What it asked for is done: flushed, or acknowledged by enough standbys. */
  wake(request: number): void {
    const waiting = this.#requests.take(request);
    const flight = waiting && this.#active.get(waiting.id);
    if (flight && flight.turn === waiting.turn) this.#resume(flight, { kind: 'done' });
  }

  /** WAL that no statement waits for is flushed all the same. */
  flushSoon(node: string, upTo: Lsn): void {
    this.#flush(node, this.#requests.nobodys(), upTo);
  }

  #flush(node: string, request: number, upTo: Lsn): void {
    this.#host.feed({ kind: 'flush', node, request, upTo });
  }

  /** Statements that wait for a lock on this node try again, in the order in which they queued. */
  retryLocks(node: string): void {
    for (const { id, turn, node: where, wait } of this.#active.values())
      if (where === node && wait?.kind === 'lock')
        this.#host.schedule(this.#host.now(), { kind: 'wake', id, turn });
  }

  queueBefore(node: string, session: Session): readonly QueuedLock[] {
    return queuedBefore(this.#active.values(), node, session);
  }

  handle(event: FlightEvent): void {
    if (event.kind === 'idleTimeout') {
      const { session, statementId, error } = event;
      if (session.ended === null && session.statementId === statementId && !this.#of(session))
        this.#end(session, error);
      return;
    }
    const flight = this.#active.get(event.id);
    if (!flight) return;
    if (event.kind === 'statementTimeout') {
      if (flight.wait?.kind === 'time' || flight.wait?.kind === 'lock')
        this.#interrupt(flight, { kind: 'timeout', setting: 'statement_timeout' });
      return;
    }
    if (flight.turn !== event.turn) return;
    if (event.kind === 'wake') this.#resume(flight, { kind: 'done' });
    else if (event.kind === 'deadlockCheck') this.#checkDeadlock(flight);
    else {
      const setting = event.kind === 'lockTimeout' ? 'lock_timeout' : 'transaction_timeout';
      this.#resume(flight, { kind: 'timeout', setting });
    }
  }

  /** What the sessions of a node do, for its system views. */
  activities(node: string): readonly SessionActivity[] {
    return [...this.#host.node(node).sessions.values()]
      .filter((session) => session.ended === null)
      .map((session) => {
        const query = this.statements[session.statementId ?? -1]?.sql ?? '';
        return activityOf(session, query, this.#of(session));
      });
  }

  #of(session: Session | undefined): Flight | undefined {
    return session?.statementId === null || session === undefined
      ? undefined
      : this.#active.get(session.statementId);
  }

  #interrupt(flight: Flight, wake: Wake): void {
    if (flight.wait?.kind === 'sync') {
      for (const waiter of this.#requests.giveUp(flight))
        this.#host.feed({ kind: 'cancelWait', waiter });
    }
    this.#resume(flight, wake);
  }

  /** Lets statements go on one after another: what one of them sets free goes on when it has come to rest. */
  #resume(flight: Flight, wake: Wake): void {
    flight.wait = null;
    flight.turn++;
    this.#ready.push({ flight, wake });
    if (this.#executing) return;
    this.#executing = true;
    try {
      for (let next = this.#ready.shift(); next; next = this.#ready.shift())
        this.#step(next.flight, next.wake);
    } finally {
      this.#executing = false;
    }
  }

  #step(flight: Flight, wake: Wake): void {
    if (!this.#active.has(flight.id)) return;
    const step = flight.running.next(wake);
    this.#host.publish();
    if (step.done) this.#finish(flight, step.value);
    else this.#await(flight, step.value);
  }

  #await(flight: Flight, wait: Wait): void {
    const { id, turn } = flight;
    const now = this.#host.now();
    flight.wait = wait;
    flight.waitSince = wait.kind === 'lock' ? lockSince(flight, wait.lock, now) : now;
    if (wait.kind !== 'server')
      flight.queued = wait.kind === 'lock' ? { lock: wait.lock, since: flight.waitSince } : null;
    this.#book.wait(id, wait);
    const { pending } = flight;
    if (pending !== null && ['time', 'lock', 'sync'].includes(wait.kind)) {
      flight.pending = null;
      this.#resume(flight, pending);
      return;
    }
    this.#schedule(timersOfWait(flight, wait, this.#book.of(id).sentAt, now));
    switch (wait.kind) {
      case 'time':
        this.#host.schedule(wait.until, { kind: 'wake', id, turn });
        break;
      case 'server':
        this.#host.job(async () => {
          const server: Server = await wait.open();
          if (this.#active.get(id) === flight && flight.turn === turn)
            this.#resume(flight, { kind: 'server', server });
          else server.close();
        });
        break;
      case 'flush':
        this.#flush(flight.node, this.#requests.of(flight), wait.lsn);
        break;
      case 'sync': {
        const { lsn, level } = wait;
        const waiter = this.#requests.of(flight);
        this.#host.feed({ kind: 'commitWait', node: flight.node, waiter, lsn, level });
        break;
      }
    }
    const told = flight.wait === wait ? waitInTrace(flight, wait, now) : null;
    if (told) this.#host.trace(told);
  }

  #finish(flight: Flight, outcome: PieceOutcome): void {
    this.#active.delete(flight.id);
    const { session } = flight;
    const now = this.#host.now();
    session.stateChange = now;
    const { results, notices, error } = outcome;
    // A session that terminates itself hears of it as an error of the function that it called.
    const ended = outcome.ended || error?.sqlstate === messages.terminated.sqlstate;
    const failed = error === null ? 'done' : 'error';
    this.#answer(flight.id, { state: ended ? 'lost' : failed, error, results, notices });
    if (ended) this.#host.node(flight.node).close(session);
    else if (flight.pending?.kind === 'terminate') this.#end(session, messages.terminated);
    else this.#schedule(idleTimers(session, flight.id, now));
    this.#host.node(flight.node).checkpointIfDue();
    this.#host.publish();
  }

  /** The server ends a session that runs nothing. Its client finds out with its next statement. */
  #end(session: Session, error: ServerMessage): void {
    session.ended = { error };
    this.#host.node(session.node).abandon(session);
    this.#host.trace({
      at: this.#host.now(),
      kind: 'sessionEnded',
      node: session.node,
      words: `Session ${session.name} on ${session.node} is ended: ${error.message}.`,
      facts: { session: session.name, sqlstate: error.sqlstate },
    });
  }

  #schedule(timers: readonly Timer[]): void {
    for (const { at, event } of timers) this.#host.schedule(at, event);
  }

  #answer(id: number, answer: Answer): void {
    this.#host.trace(answerInTrace(this.#book.answer(id, answer, this.#host.now())));
  }

  #checkDeadlock(flight: Flight): void {
    const { standby } = this.#host.node(flight.node);
    const graph = waitGraph(this.#active.values(), flight.node, standby.lockOfReplay());
    const cycle = findCycle(graph, flight.session.pid);
    if (cycle) this.#resume(flight, { kind: 'deadlock', detail: describeCycle(graph, cycle) });
  }
}
