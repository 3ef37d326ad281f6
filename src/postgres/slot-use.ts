/** Slots at work: what walsenders and SQL do to those of their node. */
import type { Lsn } from './lsn.ts';
import { walsenderPid } from './pids.ts';
import type { SlotCommand } from './replication-port.ts';
import {
  acquireSlot,
  advanceSlot,
  confirmReceived,
  createSlot,
  dropSlot,
  releaseSlot,
  type Slots,
  setSlotXmin,
  slotRefusal,
} from './replication-slots.ts';
import type { Transition } from './transition.ts';

/** What a function of SQL asks for. */
export function changeSlots(step: Transition, command: SlotCommand): void {
  const { node, slot } = command;
  const { slots } = step.node(node);
  switch (command.kind) {
    case 'createSlot':
      put(step, node, createSlot(slots, slot, command.restartLsn, step.at));
      step.happened('slotCreated', node, `${node} has a replication slot "${slot}".`, { slot });
      break;
    case 'dropSlot':
      put(step, node, dropSlot(slots, slot));
      if (step.node(node).slots.length < slots.length)
        step.happened('slotDropped', node, `${node} drops replication slot "${slot}".`, { slot });
      break;
    case 'advanceSlot':
      put(step, node, advanceSlot(slots, slot, command.to, step.at));
      break;
  }
}

/** A standby asks to be served, from a slot where it names one: why it is not, or null. */
export function acceptSlot(
  step: Transition,
  name: string,
  connection: number,
  slot: string | null,
): string | null {
  if (slot === null) return null;
  const { slots } = step.node(name);
  const refusal = slotRefusal(slots, slot, walsenderPid);
  if (refusal === null) put(step, name, acquireSlot(slots, slot, connection));
  return refusal;
}

/** The standby behind a connection has reported. */
export function confirmSlot(
  step: Transition,
  name: string,
  connection: number,
  flushLsn: Lsn,
): void {
  put(step, name, confirmReceived(step.node(name).slots, connection, flushLsn));
}

/** The standby behind a connection says what its queries need; false where no slot keeps it. */
export function holdSlotXmin(
  step: Transition,
  name: string,
  connection: number,
  xmin: number | null,
): boolean {
  const { slots } = step.node(name);
  if (!slots.some((slot) => slot.connection === connection)) return false;
  put(step, name, setSlotXmin(slots, connection, xmin));
  return true;
}

/** The walsender of a connection is gone. */
export function freeSlot(step: Transition, name: string, connection: number): void {
  put(step, name, releaseSlot(step.node(name).slots, connection, step.at));
}

function put(step: Transition, name: string, slots: Slots): void {
  if (slots !== step.node(name).slots) step.change(name, { slots });
}
