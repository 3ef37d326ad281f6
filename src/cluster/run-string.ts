import { INVALID_LSN } from '../postgres/lsn.ts';
import { after, type Duration } from '../sim/instant.ts';
import type { ClusterNode } from './cluster-node.ts';
import { messages } from './messages.ts';
import { PrimaryStatement } from './primary-statement.ts';
import type { Session } from './session.ts';
import { planString, type SqlPiece, statementsOf } from './sql-text.ts';
import { StandbyStatement } from './standby-statement.ts';
import { ENDED, failed, type PieceOutcome } from './statement-outcome.ts';
import type { Running } from './wait.ts';

/** The longest string that a server takes here, in characters. */
const LENGTH_MAX = 1_000_000;

/** Runs one simple-protocol string of a session, piece by piece, up to its first error. */
export function* runString(
  node: ClusterNode,
  session: Session,
  sql: string,
  cost: Duration,
): Running<PieceOutcome> {
  const wake = yield { kind: 'time', until: after(node.now(), cost), event: null };
  if (wake.kind === 'terminate') return ENDED;
  if (wake.kind === 'cancel') return failed(messages.canceled);
  if (sql.includes('\0'))
    return failed(
      messages.limit('a statement cannot hold a NUL character', 'Take the NUL out of the string.'),
    );
  if (sql.length > LENGTH_MAX)
    return failed(
      messages.limit(
        `a statement of ${sql.length} characters is too long`,
        `Send at most ${LENGTH_MAX}.`,
      ),
    );
  let all: PieceOutcome = { results: [], notices: [], error: null, ended: false };
  for (const piece of piecesFor(node, session, sql)) {
    const outcome = yield* runPiece(node, session, piece);
    const error = outcome.error && placed(outcome.error, piece.offset);
    all = {
      ...outcome,
      error,
      results: [...all.results, ...outcome.results],
      notices: [...all.notices, ...outcome.notices],
    };
    if (all.error !== null || all.ended) return all;
    for (const statement of piece.statements) node.configuration.alterSystem(statement);
  }
  return all;
}

/**
 * Where work takes time, the statements of a transaction block take it one after another: what the first locks is held while
 * the second works, and not the other way round.
 */
function* piecesFor(node: ClusterNode, session: Session, sql: string): Generator<SqlPiece> {
  for (const piece of planString(sql)) {
    const inBlock = session.status === 'transaction' || piece.statements[0]?.control === 'begin';
    if (node.workCost !== null && inBlock) yield* statementsOf(piece);
    else yield piece;
  }
}

function runPiece(node: ClusterNode, session: Session, piece: SqlPiece): Running<PieceOutcome> {
  // A block that a standby began stays one of a standby when the node is promoted: it may not write.
  const { replayedTo = INVALID_LSN } = session.transaction?.seat ?? {};
  return node.role === 'primary' && replayedTo === INVALID_LSN
    ? new PrimaryStatement(node, session, piece).run()
    : new StandbyStatement(node.standby, session, piece).run();
}

/** PostgreSQL counts the position from the start of the piece that it was given. */
const placed = <T extends { readonly position: number | null }>(error: T, offset: number): T =>
  error.position === null ? error : { ...error, position: error.position + offset };
