/** How long clients stood while somebody's statement ran: what a migration costs them. */
import type { StatementView } from '../../cluster/cluster-view.ts';
import type { PopulationView } from '../../cluster/workload/population.ts';

/** A statement of somebody who is no client, or a transaction block of several. */
export interface Stall {
  /** Of its first statement. */
  readonly id: number;
  readonly node: string;
  readonly session: string;
  readonly sql: string;
  /** In µs, up to now where it still runs or its block is open. */
  readonly took: number;
  readonly open: boolean;
  /** Requests of clients that waited meanwhile, longer than a request should. */
  readonly stood: number;
  /** The longest of all requests that were under way meanwhile, in µs; 0 where there were none. */
  readonly longest: number;
}

/** A request that takes longer than this has stood behind something, in µs. */
export const STOOD = 50_000;

interface Piece {
  readonly first: StatementView;
  readonly from: number;
  texts: string[];
  to: number;
  open: boolean;
}

/** `own`: which statements are asked about. Those of clients never are. */
export function stallsOf(
  populations: readonly PopulationView[],
  statements: readonly StatementView[],
  now: number,
  own: (statement: StatementView) => boolean = () => true,
): readonly Stall[] {
  const clients = new Set(
    populations.flatMap(({ node, clients }) => clients.map((client) => `${node} ${client}`)),
  );
  const ofClient = ({ node, session }: StatementView) => clients.has(`${node} ${session}`);
  const requests = statements.filter(ofClient);
  return piecesOf(
    statements.filter((one) => !ofClient(one) && own(one)),
    now,
  ).map(({ first, from, to, texts, open }) => {
    const lengths = requests.flatMap(({ node, sentAt, answeredAt }) => {
      const end = answeredAt ?? now;
      return node === first.node && sentAt < to && end > from ? [end - sentAt] : [];
    });
    return {
      id: first.id,
      node: first.node,
      session: first.session,
      sql: texts.join(' '),
      took: to - from,
      open,
      stood: lengths.filter((length) => length > STOOD).length,
      longest: Math.max(0, ...lengths),
    };
  });
}

/** Statements of one transaction block belong together: its locks are held until its end. */
function piecesOf(statements: readonly StatementView[], now: number): readonly Piece[] {
  const pieces: Piece[] = [];
  const last = new Map<string, Piece>();
  for (const statement of statements) {
    const { node, session, sql, sentAt, answeredAt, sentIn } = statement;
    const key = `${node} ${session}`;
    const before = last.get(key);
    const end = answeredAt ?? now;
    const opens =
      /^\s*(begin|start\s+transaction)\b/i.test(sql) &&
      !/\b(commit|end|rollback)\s*;?\s*$/i.test(sql);
    if (sentIn !== 'idle' && before) {
      before.texts.push(sql);
      const ends = /\b(commit|end|rollback|abort)\b(?!\s+to\b)[^;]*;?\s*$/i.test(sql);
      before.open = !ends || answeredAt === null;
      before.to = before.open ? now : end;
      continue;
    }
    const open = answeredAt === null || opens;
    const piece = { first: statement, from: sentAt, texts: [sql], to: open ? now : end, open };
    last.set(key, piece);
    pieces.push(piece);
  }
  return pieces;
}
