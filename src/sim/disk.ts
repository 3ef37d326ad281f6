import { after, type Duration, type Instant } from './instant.ts';

/** An fsync on its way: what it makes durable, and when it ends (Infinity while the disk stalls). */
export interface Fsync<T> {
  readonly covers: T;
  readonly startedAt: Instant;
  readonly endsAt: Instant;
}

/**
 * A disk as a value. One fsync runs at a time and covers what was written before it started, so that whoever
 * asks meanwhile shares the next one: group commit. Writes that are not synced take no time (page cache).
 */
export interface Disk<T> {
  /** How long an fsync takes; Infinity stalls the disk. */
  readonly fsyncTime: Duration;
  readonly running: Fsync<T> | null;
}

export function idleDisk<T>(fsyncTime: Duration): Disk<T> {
  return { fsyncTime, running: null };
}

/** Starts an fsync that makes `covers` durable. Throws where one is running: wait for its end. */
export function startFsync<T>(disk: Disk<T>, covers: T, at: Instant): Disk<T> {
  if (disk.running) throw new Error(`an fsync is running since ${disk.running.startedAt} µs`);
  return { ...disk, running: { covers, startedAt: at, endsAt: after(at, disk.fsyncTime) } };
}

/** Takes the fsync that has ended by now, or null where none has (or the event is of a time that has changed since). */
export function endFsync<T>(disk: Disk<T>, at: Instant): [Disk<T>, T] | null {
  if (!disk.running || disk.running.endsAt > at) return null;
  return [{ ...disk, running: null }, disk.running.covers];
}

/** Changes how long an fsync takes, the running one included: it ends when it has taken the new time, not before now. */
export function setFsyncTime<T>(disk: Disk<T>, fsyncTime: Duration, at: Instant): Disk<T> {
  const running = disk.running;
  if (!running) return { ...disk, fsyncTime };
  const endsAt = Math.max(at, running.startedAt + fsyncTime) as Instant;
  return { fsyncTime, running: { ...running, endsAt } };
}
