import { ActionRefused } from '../../../src/cluster/action.ts';
import type {
  ClusterView,
  NodeView,
  SessionView,
  StatementView,
  TraceEvent,
} from '../../../src/cluster/cluster-view.ts';
import type { Standing } from '../../../src/cluster/standing.ts';
import type { LabAction } from '../../../src/lab/lab-action.ts';
import type { RunningCluster } from '../../../src/session/player.ts';
import { after, type Instant, ms, START } from '../../../src/sim/instant.ts';

/**
 * A cluster of one node without a database. A statement is answered after a millisecond, one that says `wait` when it
 * is cancelled, one that says `refuse` not at all.
 */
export class FakeCluster implements RunningCluster {
  now: Instant = START;
  statements: StatementView[] = [];
  trace: TraceEvent[] = [];
  eventfulUntil: Instant = START;
  stopsAt: readonly Instant[] = [];
  readonly #due: { at: Instant; id: number }[] = [];

  async act(action: LabAction): Promise<void> {
    if (action.kind === 'cancel') return this.#cancel(action.session);
    if (action.kind !== 'sql') return this.#happened(action.kind);
    if (action.sql.includes('refuse'))
      throw new ActionRefused('the session is busy: cancel it first');
    if (action.sql.includes('crash')) throw new Error('the cluster has a bug');
    const id = this.statements.length;
    const waits = action.sql.includes('wait');
    this.statements[id] = {
      id,
      node: action.node,
      session: action.session,
      sql: action.sql,
      sentAt: this.now,
      sentIn: 'idle',
      answeredAt: null,
      state: 'running',
      results: [],
      notices: [],
      error: null,
      waitEventType: waits ? 'IPC' : null,
      waitEvent: waits ? 'SyncRep' : null,
    };
    if (!waits) this.#due.push({ at: after(this.now, ms(1)), id });
    this.#happened(`sent ${action.sql}`);
  }

  async advance(until: Instant): Promise<void> {
    for (;;) {
      const next = this.#due[0];
      if (!next || next.at > until) break;
      this.#due.shift();
      this.now = next.at;
      this.#answer(next.id);
    }
    this.now = until;
  }

  nextEventAt(): Instant | null {
    return this.#due[0]?.at ?? null;
  }

  view(): ClusterView {
    return {
      now: this.now,
      nodes: [{ name: 'primary', sessions: this.#sessions() } as unknown as NodeView],
      links: [],
      synchronousStandbyNames: '',
      waitingCommits: this.statements.filter((s) => s.waitEvent !== null).length,
      commits: [],
      populations: [],
      governor: null,
      inFlight: [],
    };
  }

  messagesFrom() {
    return [];
  }

  /** A session each statement's name, with the last one it sent. */
  #sessions(): readonly SessionView[] {
    const last = new Map(this.statements.map(({ id, session }) => [session, id]));
    return [...last].map(([name, statementId]) => ({
      node: 'primary',
      name,
      pid: 0,
      transaction: 'idle',
      statementId,
    }));
  }

  hashes() {
    return { trace: JSON.stringify(this.trace), wal: String(this.statements.length) };
  }

  close(): void {}

  standing(): Standing {
    return { at: this.now, replication: {} as never, branches: [], nodes: {} };
  }

  async ask(_node: string, sql: string, asOf?: Standing) {
    const command = `ASKED ${sql}, as of ${asOf?.at ?? 'now'}`;
    return { results: [{ command, columns: [], rows: [] }], notices: [], error: null };
  }

  #cancel(session: string): void {
    const running = this.statements.find((s) => s.session === session && s.state === 'running');
    if (!running) throw new ActionRefused('nothing runs in this session');
    this.#answer(running.id);
  }

  #answer(id: number): void {
    const statement = this.statements[id] as StatementView;
    this.statements[id] = {
      ...statement,
      state: 'done',
      answeredAt: this.now,
      waitEventType: null,
      waitEvent: null,
      results: [{ command: `ANSWER ${id}`, columns: [], rows: [] }],
    };
    this.#happened(`answered ${statement.sql}`);
  }

  #happened(words: string): void {
    this.trace.push({ at: this.now, kind: 'fake', node: null, words, facts: {} });
  }
}
