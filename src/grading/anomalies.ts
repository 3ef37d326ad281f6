import type { Instant } from '../sim/instant.ts';
import {
  type AcknowledgedWrite,
  type AnsweredRead,
  isAcknowledgedWrite,
  isAnsweredRead,
  type Operation,
} from './operation.ts';

/** A read that shows less than somebody knew before it began. */
export interface StaleRead {
  readonly read: AnsweredRead;
  /** What it misses: written, or read by the same client, and answered before it began. */
  readonly missed: AcknowledgedWrite | AnsweredRead;
}

/**
 * What goes wrong with reads, one promise at a time. Each is a part of linearizability that a client may be content with;
 * a history can break it and keep the others.
 */
export interface ReadAnomalies {
  /** Answered after a newer value was acknowledged to anyone, and without it. */
  readonly stale: readonly StaleRead[];
  /** Of those: where the newer value was the reader’s own (read-your-writes). */
  readonly ownWrites: readonly StaleRead[];
  /** An older value than the same client had read before (monotonic reads). */
  readonly backward: readonly StaleRead[];
}

/**
 * Finds them in a history whose writes began one after another, so that a greater place in it is a newer value.
 * `initial` is what the register held before.
 */
export function readAnomalies(history: readonly Operation[], initial: number): ReadAnomalies {
  const writes = history.filter(({ kind, value }) => kind === 'write' && value !== null);
  const ages = new Map(
    writes
      .toSorted((one, other) => one.invokedAt - other.invokedAt)
      .map(({ value }, i) => [value, i + 1]),
  );
  const ageOf = (value: number): number => (value === initial ? 0 : (ages.get(value) ?? 0));
  const reads = history.filter(isAnsweredRead);
  const acknowledged = writes.filter(isAcknowledgedWrite);
  const newest = newestBefore(acknowledged, ({ value }) => ageOf(value));
  const stale = reads.flatMap((read) => missedBy(read, newest(read.invokedAt), ageOf));
  const ownWrites = byClient(reads).flatMap(([client, own]) => {
    const newestOwn = newestBefore(
      acknowledged.filter((write) => write.client === client),
      ({ value }) => ageOf(value),
    );
    return own.flatMap((read) => missedBy(read, newestOwn(read.invokedAt), ageOf));
  });
  const backward = byClient(reads).flatMap(([, own]) => {
    const newestSeen = newestBefore(own, ({ value }) => ageOf(value));
    return own.flatMap((read) => missedBy(read, newestSeen(read.invokedAt), ageOf));
  });
  return { stale, ownWrites, backward };
}

function missedBy(
  read: AnsweredRead,
  missed: StaleRead['missed'] | null,
  ageOf: (value: number) => number,
): readonly StaleRead[] {
  return missed && ageOf(missed.value) > ageOf(read.value) ? [{ read, missed }] : [];
}

/** By instant: the operation with the newest value of those that had been answered before it. */
function newestBefore<T extends AcknowledgedWrite | AnsweredRead>(
  operations: readonly T[],
  ageOf: (operation: T) => number,
): (at: Instant) => T | null {
  const ordered = operations.toSorted((one, other) => one.answeredAt - other.answeredAt);
  const newest: T[] = [];
  for (const operation of ordered) {
    const before = newest.at(-1);
    newest.push(before && ageOf(before) > ageOf(operation) ? before : operation);
  }
  return (at) => {
    let [low, high] = [0, ordered.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ordered[middle] as T).answeredAt < at) low = middle + 1;
      else high = middle;
    }
    return newest[low - 1] ?? null;
  };
}

function byClient(
  reads: readonly AnsweredRead[],
): readonly (readonly [string, readonly AnsweredRead[]])[] {
  return [...Map.groupBy(reads, ({ client }) => client)];
}

/** Writes that their clients were told have happened, and that are not among what is left. */
export const lostWrites = (
  history: readonly Operation[],
  left: ReadonlySet<number>,
): readonly AcknowledgedWrite[] =>
  history.filter(isAcknowledgedWrite).filter(({ value }) => !left.has(value));
