import { connect, type Socket } from 'node:net';
import { DatabaseError, parse, serialize } from 'pg-protocol';
import {
  BackendKeyDataMessage,
  type BackendMessage,
  CommandCompleteMessage,
  DataRowMessage,
  NoticeMessage,
  RowDescriptionMessage,
} from 'pg-protocol/dist/messages.js';
import type { Outcome, Reply, ServerMessage, StatementResult } from '../scenario/target.ts';

/** A string that was sent, and what came back so far. */
interface Exchange {
  readonly reply: { outcome: Outcome | undefined };
  readonly results: StatementResult[];
  readonly notices: ServerMessage[];
  columns: readonly string[];
  rows: (string | null)[][];
  error: ServerMessage | null;
}

/** What a connection tells its owner. */
interface ConnectionOptions {
  readonly port: number;
  /** The clock for `atMs`. */
  readonly now: () => number;
  /** Called when a reply has become known or the connection has ended. */
  readonly changed: () => void;
}

/** One client connection, speaking the simple query protocol, one string at a time. */
export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  #exchange: Exchange | null = null;
  #waitingSql: string | null = null;
  #ready = false;
  #ended = false;
  #endedUnseen = false;
  #lastWords: ServerMessage | null = null;
  #pid: number | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#socket = connect({ host: '127.0.0.1', port: options.port, noDelay: true });
    this.#socket.on('connect', () => {
      this.#socket.write(
        serialize.startup({ user: 'postgres', database: 'postgres', client_encoding: 'UTF8' }),
      );
    });
    this.#socket.on('error', () => {}); // 'close' follows, and says all we need
    this.#socket.on('close', () => this.#end());
    // The promise settles with the stream; its end is seen above.
    parse(this.#socket, (message) => this.#receive(message)).catch(() => {});
  }

  /** Whether the connection has ended, or could not be made. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the connection ended between two strings, so that no reply has told of it. */
  get endedUnseen(): boolean {
    return this.#endedUnseen;
  }

  /** What the server said when it ended the connection between two strings. */
  get lastWords(): ServerMessage | null {
    return this.#lastWords;
  }

  /** The backend's process id, once it is known. */
  get pid(): number | null {
    return this.#pid;
  }

  /** Sends a string. The last one must have its outcome. */
  send(sql: string): Reply {
    const reply = { outcome: undefined };
    this.#exchange = { reply, results: [], notices: [], columns: [], rows: [], error: null };
    if (this.#ready) this.#socket.write(serialize.query(sql));
    else this.#waitingSql = sql;
    return reply;
  }

  /** Says goodbye. */
  close(): void {
    this.#socket.end(serialize.end());
  }

  #receive(message: BackendMessage): void {
    const exchange = this.#exchange;
    if (message instanceof DatabaseError) {
      if (exchange) exchange.error = serverMessage(message);
      else this.#lastWords = serverMessage(message);
    } else if (message instanceof NoticeMessage) {
      exchange?.notices.push(serverMessage(message));
    } else if (message instanceof BackendKeyDataMessage) {
      this.#pid = message.processID;
    } else if (message instanceof RowDescriptionMessage) {
      if (exchange) exchange.columns = message.fields.map((field) => field.name);
    } else if (message instanceof DataRowMessage) {
      exchange?.rows.push(message.fields as (string | null)[]);
    } else if (message instanceof CommandCompleteMessage) {
      if (exchange) completeStatement(exchange, message.text);
    } else if (message.name === 'copyInResponse') {
      this.#socket.write(serialize.copyFail('a scenario has no data to send'));
    } else if (message.name === 'readyForQuery') {
      this.#becomeReady();
    }
  }

  #becomeReady(): void {
    this.#ready = true;
    if (this.#waitingSql === null) {
      this.#finish(this.#exchange?.error ? 'error' : 'done');
      return;
    }
    this.#socket.write(serialize.query(this.#waitingSql));
    this.#waitingSql = null;
  }

  #end(): void {
    this.#ended = true;
    this.#endedUnseen = this.#exchange === null;
    this.#finish('lost');
    this.#options.changed();
  }

  #finish(state: Outcome['state']): void {
    if (this.#exchange === null) return;
    const { reply, results, notices, error } = this.#exchange;
    reply.outcome = { state, results, notices, error, atMs: this.#options.now() };
    this.#exchange = null;
    this.#options.changed();
  }
}

function completeStatement(exchange: Exchange, command: string): void {
  exchange.results.push({ command, columns: exchange.columns, rows: exchange.rows });
  exchange.columns = [];
  exchange.rows = [];
}

function serverMessage(message: DatabaseError | NoticeMessage): ServerMessage {
  return {
    severity: message.severity ?? '',
    sqlstate: message.code ?? '',
    message: message.message ?? '',
    detail: message.detail ?? null,
    hint: message.hint ?? null,
  };
}
