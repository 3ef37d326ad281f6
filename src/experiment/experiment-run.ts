import { type Action, ActionRefused } from '../cluster/action.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { StatementView } from '../cluster/cluster-view.ts';
import type { Operation } from '../grading/operation.ts';
import { after, type Duration, type Instant, ms } from '../sim/instant.ts';
import { readBy } from './client-history.ts';

/** A cluster that is acted on, and what was done to it. */
export class ExperimentRun {
  readonly cluster: Cluster;
  readonly actions: { readonly at: Instant; readonly action: Action }[] = [];
  readonly audits: Operation[] = [];

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** What makes no sense at its moment (to freeze what is down) is left out. */
  async act(action: Action): Promise<void> {
    try {
      await this.cluster.act(action);
      this.actions.push({ at: this.cluster.now, action });
    } catch (error) {
      if (!(error instanceof ActionRefused)) throw error;
    }
  }

  until(at: Instant): Promise<void> {
    return this.cluster.advance(at);
  }

  wait(length: Duration): Promise<void> {
    return this.until(after(this.cluster.now, length));
  }

  /** What the auditor is told when she asks a node something, as far as she is within a tenth of a second. */
  async ask(node: string, sql: string): Promise<StatementView | undefined> {
    const id = this.cluster.statements.length;
    await this.act({ kind: 'sql', node, session: 'auditor', sql });
    await this.wait(ms(100));
    return this.cluster.statements[id];
  }

  /** A read of the register that counts among those of its clients. */
  async audit(node: string, sql: string): Promise<void> {
    const answer = await this.ask(node, sql);
    if (!answer) return;
    this.audits.push({
      client: 'auditor',
      group: 'desk',
      node,
      kind: 'read',
      value: readBy(answer),
      invokedAt: answer.sentAt,
      answeredAt: answer.answeredAt,
      outcome: answer.state === 'done' ? 'ok' : 'unknown',
      sqlstate: null,
    });
  }
}
