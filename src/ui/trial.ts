import type { StatementView } from '../cluster/cluster-view.ts';
import { runInTurn } from '../session/run-in-turn.ts';
import type { Session } from '../session/session.ts';
import { lastSent } from '../session/snapshot.ts';
import { START } from '../sim/instant.ts';
import { clockTime } from './time-words.ts';

/** How the experiment of the home page ends. */
export type Ending = 'lost' | 'hangs' | 'kept' | 'no cluster';

/** One thing that has happened, in words. */
export interface Told {
  readonly words: string;
  /** Payments that each server shows by now; null where nobody can ask it. */
  readonly primary: number | null;
  readonly standby1: number | null;
  readonly cable: 'whole' | 'cut' | 'frozen';
}

const LIST = 'select what from payments order by id;';
const sale = (what: string) => `insert into payments (what) values ('${what}');`;
/** So long that a reader sees one thing happen after the other. */
const PACE_MS = 900;
const pause = () => new Promise((wake) => setTimeout(wake, PACE_MS));

const answer = (session: Session, node: string, name: string, sql: string): StatementView | null =>
  lastSent(session.snapshot.get().statements, node, name, sql);

async function countOn(session: Session): Promise<number> {
  await runInTurn(session, 'standby1', 'c', [LIST]);
  return answer(session, 'standby1', 'c', LIST)?.results[0]?.rows.length ?? 0;
}

/** Begins anew with one payment that both servers have; false where no cluster runs here. */
async function firstPayment(session: Session, tell: (told: Told) => void): Promise<boolean> {
  await session.startAnew();
  if (session.snapshot.get().phase !== 'running') return false;
  await runInTurn(session, 'primary', 'a', [sale('tea')]);
  await pause();
  const standby1 = await countOn(session);
  tell({
    words: 'A tea is paid. Both servers have the payment.',
    primary: 1,
    standby1,
    cable: 'whole',
  });
  await pause();
  return true;
}

/** The cable is cut, a payment taken, and the primary’s plug pulled: as PostgreSQL is delivered, nobody is asked. */
export async function pullThePlug(session: Session, tell: (told: Told) => void): Promise<Ending> {
  if (!(await firstPayment(session, tell))) return 'no cluster';
  await session.act({ kind: 'cut', a: 'primary', b: 'standby1' });
  tell({
    words: 'The cable is cut. Nobody at the till notices.',
    primary: 1,
    standby1: 1,
    cable: 'cut',
  });
  await pause();
  await runInTurn(session, 'primary', 'a', [sale('cake')]);
  const paid = answer(session, 'primary', 'a', sale('cake'));
  tell({
    words: `A cake is paid: the primary says INSERT 0 1 at ${clockTime(paid?.answeredAt ?? START)}, and the customer leaves with a receipt.`,
    primary: 2,
    standby1: 1,
    cable: 'cut',
  });
  await pause();
  await session.act({ kind: 'powerOff', node: 'primary' });
  tell({
    words: 'The primary loses power. Ask standby1 what it has.',
    primary: null,
    standby1: 1,
    cable: 'cut',
  });
  await pause();
  const left = await countOn(session);
  const lost = left < 2;
  tell({
    words: lost
      ? 'standby1 has the tea and nothing else. The cake was paid for, and no server that is left knows of it.'
      : 'standby1 has both.',
    primary: null,
    standby1: left,
    cable: 'cut',
  });
  return lost ? 'lost' : 'kept';
}

/** The primary is told to wait for standby1, and standby1 stands still. */
export async function freezeTheStandby(
  session: Session,
  tell: (told: Told) => void,
): Promise<Ending> {
  if (!(await firstPayment(session, tell))) return 'no cluster';
  await runInTurn(session, 'primary', 'a', [
    "alter system set synchronous_standby_names = 'standby1';",
    'select pg_reload_conf();',
  ]);
  await session.act({ kind: 'freeze', node: 'standby1', process: 'walreceiver' });
  tell({
    words:
      'The primary now asks standby1 before it says “paid”. And standby1 freezes: it is there, and does nothing.',
    primary: 1,
    standby1: 1,
    cable: 'frozen',
  });
  await pause();
  await session.runSql('primary', 'a', sale('cake'));
  await pause();
  await pause();
  const waits = answer(session, 'primary', 'a', sale('cake'))?.waitEvent ?? 'nothing';
  tell({
    words: `A cake is to be paid. No answer, no error: the session waits for ${waits}, and will wait for ever. Nothing is lost, and nothing is sold.`,
    primary: 1,
    standby1: 1,
    cable: 'frozen',
  });
  return 'hangs';
}

/** standby1 goes on; the payment that hung is answered. */
export async function thaw(session: Session, tell: (told: Told) => void): Promise<void> {
  await session.act({ kind: 'thaw', node: 'standby1', process: 'walreceiver' });
  await pause();
  const paid = answer(session, 'primary', 'a', sale('cake'));
  tell({
    words: paid?.answeredAt
      ? `standby1 confirms, and the cake is paid at ${clockTime(paid.answeredAt)}.`
      : 'standby1 goes on.',
    primary: 2,
    standby1: await countOn(session),
    cable: 'whole',
  });
}
