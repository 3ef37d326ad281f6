import { parseLsn } from '../postgres/lsn.ts';
import type { SlotCommand } from '../postgres/replication-port.ts';
import type { Signal } from './sql-engine.ts';

/** What a function for slots tells the simulator: `create`, `drop` or `advance`, the slot, and a position where there is one. */
export function slotCommand(node: string, args: Signal['args']): SlotCommand {
  const [verb, name, position] = args;
  const slot = String(name);
  const at = typeof position === 'string' ? parseLsn(position) : null;
  if (verb === 'create') return { kind: 'createSlot', node, slot, restartLsn: at };
  if (verb === 'advance' && at !== null) return { kind: 'advanceSlot', node, slot, to: at };
  return { kind: 'dropSlot', node, slot };
}
