import type { StatementView } from '../cluster/cluster-view.ts';
import type { EngineParts } from '../engine/postgres-module.ts';
import type { FromWorker, ToWorker } from '../session/protocol.ts';
import { newRun } from '../session/run-record.ts';
import { after, type Duration, type Instant, ms, START } from '../sim/instant.ts';
import { busySpec } from './busy-cluster.ts';

/** More virtual time than a statement takes that waits for nothing; booting a server for it takes none. */
const SOON = ms(1);

/** Drives the course's own worker as fast as it answers, without the pacing by the wall clock that a reader sees. */
export class RunClient {
  readonly #worker: Worker;
  readonly #statements: StatementView[] = [];
  #now: Instant = START;

  private constructor() {
    this.#worker = new Worker(new URL('../session/worker.ts', import.meta.url), { type: 'module' });
  }

  /** Starts the worker and opens a cluster of three in it, as a page does once it has the engine. */
  static async open(engine: EngineParts): Promise<RunClient> {
    const client = new RunClient();
    await client.#ask(
      {
        kind: 'open',
        record: newRun(busySpec('')),
        until: START,
        engine,
        lock: `standby.bench.${performance.now()}`,
      },
      'ready',
    );
    return client;
  }

  /** Runs a statement to its end. */
  async sql(node: string, sql: string): Promise<StatementView> {
    const id = this.#statements.length;
    const action = { kind: 'sql', node, session: 'bench', sql } as const;
    await this.#ask({ kind: 'act', ticket: 1, action }, 'applied');
    while (this.#statements[id]?.state === 'running') await this.advance(SOON);
    const statement = this.#statements[id];
    if (statement?.state !== 'done')
      throw new Error(`${sql}: ${statement?.error?.message ?? 'no answer'}`);
    return statement;
  }

  /** Lets virtual time pass. */
  async advance(length: Duration): Promise<void> {
    await this.#ask({ kind: 'advance', until: after(this.#now, length) }, 'state');
  }

  close(): void {
    this.#worker.terminate();
  }

  #ask(question: ToWorker, answer: FromWorker['kind']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker.onerror = ({ message }) => reject(new Error(message));
      this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === 'state') this.#take(data);
        if (data.kind === answer) resolve();
        else if (data.kind === 'failed' || data.kind === 'refused') reject(new Error(data.reason));
      };
      this.#worker.postMessage(question);
    });
  }

  #take({ view, statements }: Extract<FromWorker, { kind: 'state' }>): void {
    this.#now = view.now;
    for (const statement of statements) this.#statements[statement.id] = statement;
  }
}
