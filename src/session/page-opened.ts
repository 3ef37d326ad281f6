// What shows a run on this page. It is fetched with the first run that somebody opens.
import { type LiveHost, LiveRun, type LiveWatcher } from './live-run.ts';
import { LookingBack, type Pace } from './looking-back.ts';
import { loadPageEngine } from './page-engine.ts';
import { Playing } from './playing.ts';
import { preflight } from './preflight.ts';
import { recordingOf } from './recordings.ts';
import { newLockName, startRunWorker } from './run-worker.ts';
import type { Opened } from './session.ts';
import type { Snapshot } from './snapshot.ts';
import type { Store } from './store.ts';

const host: LiveHost & Pace = {
  loadEngine: loadPageEngine,
  startWorker: startRunWorker,
  newLockName,
  nowMs: () => performance.now(),
  sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
};

export function pageOpened(snapshot: Store<Snapshot>, watcher: LiveWatcher): Opened {
  const live = new LiveRun(snapshot, host, watcher);
  const lookingBack = new LookingBack(snapshot, host);
  return {
    live,
    lookingBack,
    playing: new Playing(snapshot, live, lookingBack),
    preflight: () =>
      preflight({
        memoryGib: (navigator as { readonly deviceMemory?: number }).deviceMemory,
        WebAssembly: globalThis.WebAssembly,
        canUnpack: 'DecompressionStream' in globalThis,
      }),
    recordingOf,
  };
}
