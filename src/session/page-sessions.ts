import { askToKeep, keepsakes, tabs } from './keep/page-keep.ts';
import { loadPageEngine } from './page-engine.ts';
import { preflight } from './preflight.ts';
import { recordingOf } from './recordings.ts';
import { newLockName, startRunWorker } from './run-worker.ts';
import { Session, type SessionHost } from './session.ts';

const host: SessionHost = {
  loadEngine: loadPageEngine,
  startWorker: startRunWorker,
  preflight: () =>
    preflight({
      memoryGib: (navigator as { readonly deviceMemory?: number }).deviceMemory,
      WebAssembly: globalThis.WebAssembly,
      canUnpack: 'DecompressionStream' in globalThis,
    }),
  recordingOf,
  newLockName,
  parseRunFile: async (text) => (await import('./run-file-schema.ts')).parseRunFile(text),
  keepsakes,
  tabs,
  askToKeep,
  nowMs: () => performance.now(),
  sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
};

const sessions = new Map<string, Session>();

/** The run of a figure. All islands of a page that name the same figure share it. */
export function sessionOf(figure: string): Session {
  const known = sessions.get(figure);
  if (known) return known;
  const session = new Session(figure, host);
  sessions.set(figure, session);
  return session;
}

/** Ends a run that no island of the page shows any more. */
export function endSession(figure: string): void {
  sessions.get(figure)?.end();
  sessions.delete(figure);
}
