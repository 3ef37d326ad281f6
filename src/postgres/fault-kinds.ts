import type { Fault } from './replication-port.ts';

/** The compiler says which one is missing here. */
const KINDS: Readonly<Record<Fault['kind'], true>> = {
  freeze: true,
  thaw: true,
  delay: true,
  bandwidth: true,
  loss: true,
  cut: true,
  heal: true,
  fsync: true,
  replayRate: true,
  walVolume: true,
  deleteWal: true,
  kill: true,
  powerOff: true,
  start: true,
};

/** Every kind of fault: to tell faults from other inputs and events. */
export const FAULT_KINDS = Object.keys(KINDS) as readonly Fault['kind'][];
