import type { Instant } from '../sim/instant.ts';

/**
 * One operation of one client on a register, as the client saw it. `ok`: it was answered. `fail`: it surely did not happen.
 * `unknown`: nobody was told; a write may have happened, or may still.
 */
export interface Operation {
  readonly client: string;
  /** Whom it is counted with: clients that want the same of the same place. */
  readonly group: string;
  readonly node: string;
  readonly kind: 'read' | 'write';
  /** What it wrote or read; null for a read that was not answered. No two writes of a history write the same. */
  readonly value: number | null;
  readonly invokedAt: Instant;
  /** Null where it was never answered. */
  readonly answeredAt: Instant | null;
  readonly outcome: 'ok' | 'fail' | 'unknown';
  /** Why it failed, where it did. */
  readonly sqlstate: string | null;
}

/** A read that was answered: there is something to check. */
export interface AnsweredRead extends Operation {
  readonly kind: 'read';
  readonly value: number;
  readonly answeredAt: Instant;
  readonly outcome: 'ok';
}

export const isAnsweredRead = (operation: Operation): operation is AnsweredRead =>
  operation.kind === 'read' &&
  operation.outcome === 'ok' &&
  operation.value !== null &&
  operation.answeredAt !== null;

/** A write that its client was told has happened. */
export interface AcknowledgedWrite extends Operation {
  readonly kind: 'write';
  readonly value: number;
  readonly answeredAt: Instant;
  readonly outcome: 'ok';
}

export const isAcknowledgedWrite = (operation: Operation): operation is AcknowledgedWrite =>
  operation.kind === 'write' &&
  operation.outcome === 'ok' &&
  operation.value !== null &&
  operation.answeredAt !== null;
