import type { FromWorker, ToWorker } from './protocol.ts';

/** What a page hears of the worker that holds its run. */
export interface RunWorkerListener {
  message(message: FromWorker): void;
  /** True once the worker has not answered for a second: a statement keeps it busy. False when it answers again. */
  silent(silent: boolean): void;
  /** It ended without being asked to. */
  died(reason: string): void;
}

/** A worker that holds one run; `end` frees all of its memory at once. */
export interface RunWorker {
  post(message: ToWorker): void;
  end(): void;
}

const PING_EVERY_MS = 400;
const SILENT_AFTER_MS = 1_000;
/** A run that has just begun has the machine for itself. */
const SPARE_AFTER_MS = 1_000;
let locks = 0;

/** The name of a Web Lock that a new worker will hold as long as it lives. */
export const newLockName = (): string => `standby.run-worker.${performance.timeOrigin}.${++locks}`;

/** A worker that has loaded its script and waits: with it, a run that is restored or rebuilt stands sooner. */
let spare: Worker | null = null;

const newWorker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

function takeWorker(): Worker {
  const worker = spare ?? newWorker();
  spare = null;
  return worker;
}

function keepSpare(): void {
  if (spare) return;
  const worker = newWorker();
  spare = worker;
  worker.addEventListener('error', () => {
    if (spare === worker) spare = null;
  });
}

/** Starts a worker, or takes the spare one. Scripts are fetched when the first one is asked for, not before. */
/** An edition that is no longer on the host leaves its pages on devices, and no megabytes. */
const NOT_LOADED =
  'its script could not be loaded. Either there is no network, or a newer edition of the course has replaced it: then “Use it now”, or closing all its pages, helps';

export function startRunWorker(lock: string, listener: RunWorkerListener): RunWorker {
  const worker = takeWorker();
  let ended = false;
  let pingedAtMs: number | null = null;
  let heardAtMs = 0;
  let silent = false;
  let alive = false;
  const end = () => {
    ended = true;
    clearInterval(pings);
    worker.terminate();
  };
  const die = (reason: string) => {
    if (ended) return;
    end();
    listener.died(reason);
  };
  const beSilent = (value: boolean) => {
    if (silent === value) return;
    silent = value;
    listener.silent(value);
  };

  // Nothing tells a page that its worker has been closed from outside, except a lock that becomes free.
  const watchLock = () =>
    navigator.locks
      ?.request(lock, () => die('the browser has ended its worker'))
      // Denied to a frame that may store nothing: then only its silence tells.
      .catch(() => {});

  const pings = setInterval(() => {
    if (!alive) return;
    const nowMs = performance.now();
    if (pingedAtMs === null) {
      pingedAtMs = nowMs;
      worker.postMessage({ kind: 'ping', ticket: 0 } satisfies ToWorker);
    } else if (nowMs - Math.max(pingedAtMs, heardAtMs) > SILENT_AFTER_MS) {
      beSilent(true);
    }
  }, PING_EVERY_MS);

  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (ended) return;
    heardAtMs = performance.now();
    if (data.kind === 'pong') pingedAtMs = null;
    beSilent(false);
    if (!alive) {
      alive = true;
      watchLock();
    }
    if (data.kind === 'ready') setTimeout(keepSpare, SPARE_AFTER_MS);
    if (data.kind !== 'pong') listener.message(data);
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    die(event.message || NOT_LOADED);
  });
  worker.addEventListener('messageerror', () => die('a message of it could not be read'));

  return { post: (message) => worker.postMessage(message), end };
}
