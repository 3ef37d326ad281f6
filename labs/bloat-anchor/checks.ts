import type { TraceEvent } from '../../src/cluster/cluster-view.ts';
import { describeAction } from '../../src/cluster/words.ts';
import type { Evidence } from '../../src/grading/evidence.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import { after, between, seconds } from '../../src/sim/instant.ts';

const HALF_A_MINUTE = seconds(30);
const ORDERS = 'postgres.public.orders';
/** Dead rows of a few seconds: what waits for the next feedback message and no longer. */
const FEW = 500;
/** Autovacuum's own rhythm here is five seconds. */
const OFTEN = seconds(3);

const CULPRITS: Readonly<Record<string, string>> = {
  reader:
    'Session auditor on standby1 keeps a snapshot in a transaction that is idle, and feedback carries its xmin to the primary.',
  slot: 'Slot standby2 keeps the xmin of a standby that is gone: nobody sends a newer one, and nobody takes it back.',
  prepared:
    'Prepared transaction import-2025 is in progress. It has no session and no timeout, and outlives a restart.',
};

const sweepsOf = ({ trace }: Evidence): readonly TraceEvent[] =>
  trace.filter(
    ({ kind, facts }) => kind === 'autovacuum' && facts.table === ORDERS && facts.held !== null,
  );

const cutoffMoves: Judge = (evidence) => {
  const { takenOverAt, drawn } = evidence;
  const sweeps = sweepsOf(evidence).filter(({ at }) => at > takenOverAt);
  const deadline = after(takenOverAt, HALF_A_MINUTE);
  const last = sweeps.findLast(({ at }) => at <= deadline);
  if (last === undefined) return inconclusive(deadline, 'Autovacuum has not come at all.');
  const held = Number(last.facts.held);
  if (held <= FEW)
    return pass(`At ${clock(last.at)} autovacuum had removed all but ${held} dead rows.`);
  const before = sweeps[sweeps.indexOf(last) - 1];
  const often = before !== undefined && between(before.at, last.at) < OFTEN;
  return fail(
    last.at,
    `At ${clock(last.at)} ${held} dead rows were not removable. ${
      often
        ? 'Autovacuum comes more often now, and looks each time at rows that it may not remove: it is not late, something holds it.'
        : (CULPRITS[drawn.culprit?.culprit ?? ''] ?? '')
    }`,
  );
};

const INNOCENT = ['kitchen', 'desk'];
const STOPS = ['kill', 'powerOff'];

const innocentsLive: Judge = ({ trace, takenOverAt, deeds }) => {
  const ended = trace.find(
    ({ kind, at, facts }) =>
      kind === 'sessionEnded' && at > takenOverAt && INNOCENT.includes(String(facts.session)),
  );
  if (ended)
    return fail(
      ended.at,
      `Session ${ended.facts.session} on ${ended.node} was ended at ${clock(ended.at)}. It had no backend_xmin: it held nothing.`,
    );
  const deed = deeds.find(({ action, refused }) => !refused && STOPS.includes(action.kind));
  return deed
    ? fail(deed.at, `${describeAction(deed.action)} Whoever read there was cut off.`)
    : pass('The kitchen, the desk and all servers went on.');
};

export const judges = { 'cutoff-moves': cutoffMoves, 'innocents-live': innocentsLive };
