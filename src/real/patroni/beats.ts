import type { SeenRole } from '../../ha/patroni-record.ts';
import type { Reply } from '../../scenario/target.ts';
import { Connection } from '../connection.ts';

/** An answer that takes longer counts as none yet. */
const PATIENCE_MS = 1000;
const READ_ONLY = '25006';
const CANNOT_CONNECT_NOW = '57P03';
const ADMIN_SHUTDOWN = '57P01';

/** A client that writes a row to one node again and again, whatever the node is, to see how it is found. */
export class Beats {
  readonly #port: number;
  #connection: Connection | null = null;
  #reply: Reply | null = null;
  #sentAt = 0;
  #role: SeenRole = 'down';

  constructor(port: number) {
    this.#port = port;
  }

  /** Looks at the last write's fate, and writes again once it has one. */
  look(): SeenRole {
    const outcome = this.#reply?.outcome;
    if (this.#reply !== null && outcome === undefined) {
      if (performance.now() - this.#sentAt > PATIENCE_MS) this.#role = 'waiting';
      return this.#role;
    }
    if (outcome !== undefined) {
      const sqlstate = outcome.error?.sqlstate;
      if (outcome.state === 'done') this.#role = 'primary';
      else if (sqlstate === READ_ONLY) this.#role = 'replica';
      else if (sqlstate === CANNOT_CONNECT_NOW || sqlstate === ADMIN_SHUTDOWN)
        this.#role = 'starting';
      else this.#role = 'down';
    }
    if (this.#connection === null || this.#connection.ended) {
      this.#connection = new Connection({
        port: this.#port,
        now: () => performance.now(),
        changed: () => {},
      });
    }
    this.#reply = this.#connection.send('insert into beats default values');
    this.#sentAt = performance.now();
    return this.#role;
  }

  close(): void {
    this.#connection?.close();
  }
}
