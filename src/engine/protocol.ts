import { messages, protocol } from '@electric-sql/pglite';
import type {
  ServerMessage,
  Signal,
  StatementResult,
  TransactionStatus,
} from '../cluster/sql-engine.ts';

/** SQLSTATE of the notices by which modelled functions tell the simulator that they were called. */
const SIGNAL_SQLSTATE = 'SIM01';

/** Rows of one result that are kept. A person reads none beyond; the rest is only counted. */
export const MAX_ROWS = 100_000;

/** Characters of one result that are kept: more would hold up the worker, and the page that takes them over. */
export const MAX_CHARACTERS = 32_000_000;

export const query = protocol.serialize.query;

/** The answer to COPY FROM STDIN: PostgreSQL reports it as the error that ended the statement. */
export const NO_COPY_DATA = protocol.serialize.copyFail(
  'no data can be sent from this terminal; use INSERT, or COPY from a query',
);

interface OpenResult {
  columns: readonly string[];
  rows: (readonly (string | null)[])[];
  rowCount: number;
  characters: number;
  typeOids?: readonly number[];
}

const noRows = (columns: readonly string[]): OpenResult => ({
  columns,
  rows: [],
  rowCount: 0,
  characters: 0,
});

/** Makes results of the backend's messages as they come. */
export class Answer {
  readonly results: StatementResult[] = [];
  readonly notices: ServerMessage[] = [];
  readonly signals: Signal[] = [];
  error: ServerMessage | null = null;
  status: TransactionStatus = 'idle';
  readonly #parser = new protocol.Parser();
  readonly #decoder = new TextDecoder();
  #open: OpenResult | null = null;

  read(bytes: Uint8Array): void {
    this.#parser.parse(bytes, (message) => this.#take(message));
  }

  #take(message: messages.BackendMessage): void {
    if (message instanceof messages.RowDescriptionMessage) {
      this.#open = {
        ...noRows(message.fields.map(({ name }) => name)),
        typeOids: message.fields.map(({ dataTypeID }) => dataTypeID),
      };
    } else if (message instanceof messages.DataRowMessage) {
      this.#keep(message.fields);
    } else if (message instanceof messages.CopyDataMessage) {
      // COPY TO STDOUT has no row description: its lines become rows of one column without a name.
      this.#open ??= noRows(['']);
      this.#keep([this.#decoder.decode(message.chunk).replace(/\n$/, '')]);
    } else if (message instanceof messages.CommandCompleteMessage) {
      this.#complete(message.text);
    } else if (message instanceof messages.DatabaseError) {
      this.error = serverMessage(message);
      this.#open = null;
    } else if (message instanceof messages.NoticeMessage) {
      this.#notice(serverMessage(message));
    } else if (message instanceof messages.ReadyForQueryMessage) {
      this.status = STATUS[message.status] ?? 'idle';
    }
  }

  #keep(row: readonly (string | null)[]): void {
    const open = this.#open;
    if (!open) return;
    open.rowCount++;
    // Once one is left out, so are those after it: what is kept has no holes.
    if (open.rows.length < open.rowCount - 1 || open.rows.length >= MAX_ROWS) return;
    open.characters += row.reduce((sum, value) => sum + (value?.length ?? 0), 0);
    if (open.characters <= MAX_CHARACTERS || open.rows.length === 0) open.rows.push(row);
  }

  #complete(command: string): void {
    const { columns, rows, rowCount, typeOids } = this.#open ?? noRows([]);
    const truncated = rowCount > rows.length ? { omittedRows: rowCount - rows.length } : {};
    this.results.push({ command, columns, rows, ...truncated, ...(typeOids && { typeOids }) });
    this.#open = null;
  }

  #notice(notice: ServerMessage): void {
    const signal = notice.sqlstate === SIGNAL_SQLSTATE && readSignal(notice.message);
    if (signal) this.signals.push(signal);
    else this.notices.push(notice);
  }
}

/** Null for what is no signal: anybody may RAISE with our SQLSTATE. */
function readSignal(json: string): Signal | null {
  try {
    const { name, args } = JSON.parse(json);
    return typeof name === 'string' && Array.isArray(args) ? { name, args } : null;
  } catch {
    return null;
  }
}

const STATUS: Readonly<Record<string, TransactionStatus>> = {
  I: 'idle',
  T: 'transaction',
  E: 'failed',
};

function serverMessage(fields: messages.DatabaseError | messages.NoticeMessage): ServerMessage {
  return {
    severity: fields.severity ?? '',
    sqlstate: fields.code ?? '',
    message: fields.message ?? '',
    detail: fields.detail ?? null,
    hint: fields.hint ?? null,
    position: fields.position === undefined ? null : Number(fields.position),
  };
}
