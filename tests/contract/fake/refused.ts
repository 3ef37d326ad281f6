import type { BackendWait, ServerMessage } from '../../../src/cluster/sql-engine.ts';

/** A statement that fails, in PostgreSQL's words. */
export class Refused extends Error {
  readonly words: ServerMessage;

  constructor(
    sqlstate: string,
    message: string,
    more: Partial<Pick<ServerMessage, 'detail' | 'hint' | 'position'>> = {},
  ) {
    super(message);
    const { detail = null, hint = null, position = null } = more;
    this.words = { severity: 'ERROR', sqlstate, message, detail, hint, position };
  }
}

/** A statement that would queue for a lock. */
export class Blocked extends Error {
  readonly wait: BackendWait;

  constructor(wait: BackendWait) {
    super('would wait for a lock');
    this.wait = wait;
  }
}

/** What the fake cannot do, said so that no test takes it for an answer of PostgreSQL's. */
export const notOffered = (what: string): Refused =>
  new Refused('0A000', `the fake engine does not know ${what}`);
