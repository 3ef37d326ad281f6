import { isAnsweredRead, type Operation } from './operation.ts';
import { clock } from './verdict.ts';

/** What a history of a register comes to. `operations`: those that show it to be none, in order of time. */
export type RegisterVerdict =
  | { readonly kind: 'linearizable'; readonly checked: number }
  | {
      readonly kind: 'anomaly';
      readonly words: string;
      readonly operations: readonly Operation[];
    }
  /** Longer than is checked. */
  | { readonly kind: 'too long'; readonly operations: number };

/** Longest history that is checked. Its cost is that of sorting it: a few hundred milliseconds here. */
export const MOST_OPERATIONS = 200_000;

/**
 * The operations around one value: its write, and the reads that returned it. Whatever the order, they stand together
 * in it, as the register holds the value once.
 */
interface Cluster {
  readonly value: number;
  /** Null for what the register held before. */
  readonly write: Operation | null;
  /** When the first of them had ended, and which one that is: from then on the value had been current. */
  firstEnd: number;
  ender: Operation | null;
  /** When the last of them began: until then the value was still to be current. */
  lastStart: number;
  starter: Operation | null;
}

/**
 * Whether one register could have answered all of this: an order of the operations that keeps each after whatever had
 * ended before it began, and in which a read returns the last value written.
 *
 * Every write has a value of its own, so that it is known which write a read has read from. Then the question takes no
 * search: P. B. Gibbons and E. Korach, “Testing Shared Memories”, SIAM Journal on Computing 26(4), 1997, section 4. Each
 * value has a zone, from the first end to the last start of its operations. A zone that runs forward says when
 * the value surely was current. The history is linearizable unless two forward zones overlap, or a backward zone lies
 * inside a forward one. That is n log n steps for n operations.
 *
 * A write without an answer counts where somebody has read it, and as not done where nobody has. `initial` is what the
 * register held before.
 */
export function checkRegister(history: readonly Operation[], initial: number): RegisterVerdict {
  if (history.length > MOST_OPERATIONS) return { kind: 'too long', operations: history.length };
  const writes = writesOf(history, initial);
  const clusters = new Map<number, Cluster>();
  const reads = history.filter(isAnsweredRead);
  const clusterOf = (value: number): Cluster => {
    const known = clusters.get(value);
    if (known) return known;
    const write = writes.get(value) ?? null;
    const created: Cluster = {
      value,
      write,
      firstEnd: write === null ? Number.NEGATIVE_INFINITY : endOf(write),
      ender: write,
      lastStart: write?.invokedAt ?? Number.NEGATIVE_INFINITY,
      starter: write,
    };
    clusters.set(value, created);
    return created;
  };
  for (const write of writes.values())
    if (write.outcome === 'ok' && write.value !== null) clusterOf(write.value);
  for (const read of reads) {
    const write = writes.get(read.value);
    if (write === undefined && read.value !== initial)
      return anomaly([read], `${told(read)}, which nobody wrote.`);
    if (write && read.answeredAt < write.invokedAt)
      return anomaly([read, write], `${told(read)} before it was written.`);
    if (write?.outcome === 'fail')
      return anomaly([write, read], `${told(read)}, though its write had failed.`);
    const cluster = clusterOf(read.value);
    if (read.answeredAt < cluster.firstEnd) {
      cluster.firstEnd = read.answeredAt;
      cluster.ender = read;
    }
    if (read.invokedAt > cluster.lastStart) {
      cluster.lastStart = read.invokedAt;
      cluster.starter = read;
    }
  }
  const conflict = closestConflict([...clusters.values()]);
  if (conflict) return contradiction(conflict);
  return { kind: 'linearizable', checked: reads.length + writes.size };
}

function writesOf(history: readonly Operation[], initial: number): ReadonlyMap<number, Operation> {
  const writes = new Map<number, Operation>();
  for (const operation of history) {
    if (operation.kind !== 'write' || operation.value === null) continue;
    if (writes.has(operation.value) || operation.value === initial)
      throw new RangeError(`${operation.value} was written twice`);
    writes.set(operation.value, operation);
  }
  return writes;
}

const endOf = ({ answeredAt, outcome }: Operation): number =>
  outcome === 'ok' && answeredAt !== null ? answeredAt : Number.POSITIVE_INFINITY;

/** Two values of which each must come before the other, as close together as there are any; null where all can be put in order. */
function closestConflict(clusters: readonly Cluster[]): Conflict | null {
  const forward = clusters
    .filter(({ firstEnd, lastStart }) => firstEnd < lastStart)
    .sort((one, other) => one.firstEnd - other.firstEnd);
  const overlaps = forward.flatMap((zone, i) => {
    const next = forward[i + 1];
    return next && next.firstEnd < zone.lastStart ? [conflictOf(zone, next)] : [];
  });
  const insides = clusters.flatMap((cluster) => {
    if (cluster.firstEnd < cluster.lastStart) return [];
    const around = lastBefore(forward, cluster.lastStart);
    return around && cluster.firstEnd < around.lastStart ? [conflictOf(around, cluster)] : [];
  });
  const gap = ({ old, newer }: Conflict) => old.lastStart - newer.firstEnd;
  return [...overlaps, ...insides].toSorted((one, other) => gap(one) - gap(other))[0] ?? null;
}

/** Of two values in each other’s way, the one whose write began first is the one that came back. */
interface Conflict {
  readonly old: Cluster;
  readonly newer: Cluster;
}

const conflictOf = (one: Cluster, other: Cluster): Conflict =>
  begun(one) <= begun(other) ? { old: one, newer: other } : { old: other, newer: one };

/** The last of zones in order that begins before an instant. */
function lastBefore(zones: readonly Cluster[], start: number): Cluster | null {
  let [low, high] = [0, zones.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((zones[middle] as Cluster).firstEnd < start) low = middle + 1;
    else high = middle;
  }
  return zones[low - 1] ?? null;
}

function contradiction({ old, newer }: Conflict): RegisterVerdict {
  const operations = [old.write, newer.write, newer.ender, old.starter]
    .filter((operation) => operation !== null)
    .filter((operation, i, all) => all.indexOf(operation) === i)
    .sort((first, second) => first.invokedAt - second.invokedAt);
  const back = old.starter ? told(old.starter) : '';
  const seen = newer.ender ? ended(newer.ender) : '';
  return anomaly(
    operations,
    `${back}. But before that began, ${seen}, and ${newer.value} is newer.`,
  );
}

const begun = ({ write }: Cluster): number => write?.invokedAt ?? Number.NEGATIVE_INFINITY;

const anomaly = (operations: readonly Operation[], words: string): RegisterVerdict => ({
  kind: 'anomaly',
  words,
  operations,
});

const told = ({ client, node, kind, value, invokedAt }: Operation): string =>
  kind === 'read'
    ? `${client} asked ${node} at ${clock(invokedAt)} and read ${value}`
    : `${client} began to write ${value} on ${node} at ${clock(invokedAt)}`;

const ended = ({ client, node, kind, value, answeredAt }: Operation): string =>
  answeredAt === null
    ? `${client} wrote ${value} on ${node}`
    : kind === 'read'
      ? `${client} had read ${value} on ${node} by ${clock(answeredAt)}`
      : `${client} was told at ${clock(answeredAt)} that ${value} is written`;
