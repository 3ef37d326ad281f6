import type { Standing } from '../../../src/cluster/standing.ts';
import type { EngineParts } from '../../../src/engine/postgres-module.ts';
import { LiveRun } from '../../../src/session/live-run.ts';
import { LookingBack } from '../../../src/session/looking-back.ts';
import { Player } from '../../../src/session/player.ts';
import { Playing } from '../../../src/session/playing.ts';
import type { ToWorker } from '../../../src/session/protocol.ts';
import { parseRunFile } from '../../../src/session/run-file-schema.ts';
import type { RunWorker, RunWorkerListener } from '../../../src/session/run-worker.ts';
import { Session } from '../../../src/session/session.ts';
import type { Seen } from '../../../src/session/snapshot.ts';
import { instant } from '../../../src/sim/instant.ts';
import { FakeCluster } from './fake-cluster.ts';
import { FakeShelf, keepsakesOn } from './keep/fake-shelf.ts';
import { FakeTabs } from './keep/fake-tabs.ts';

export const SPEC = { nodes: ['primary'], settings: {}, seed: 1 };

/** A worker in this realm over a fake cluster. One that is sent `runaway` hears nothing any more. */
class FakeWorker implements RunWorker {
  readonly listener: RunWorkerListener;
  ended = false;
  #player: Player | null = null;

  constructor(listener: RunWorkerListener) {
    this.listener = listener;
  }

  post(message: ToWorker): void {
    queueMicrotask(() => this.#hear(message));
  }

  end(): void {
    this.ended = true;
  }

  die(reason: string): void {
    this.ended = true;
    this.listener.died(reason);
  }

  #hear(message: ToWorker): void {
    if (this.ended) return;
    if (message.kind === 'open') {
      const host = { nowMs: () => 0, sleep: () => new Promise<void>(() => {}) };
      const cluster = new HangingCluster();
      this.#player = new Player(cluster, message.record, host, (answer) => {
        if (!this.ended) this.listener.message(structuredClone(answer));
      });
      void this.#player.replay(message.until);
    }
    if (message.kind === 'act') void this.#player?.act(message.ticket, message.action);
    if (message.kind === 'advance') void this.#player?.advance(message.until);
    if (message.kind === 'ask')
      void this.#player?.ask(message.ticket, message.at, message.node, message.sql);
    if (message.kind === 'hash') void this.#player?.hash(message.ticket);
  }
}

class HangingCluster extends FakeCluster {
  override act(action: Parameters<FakeCluster['act']>[0]): Promise<void> {
    if (action.kind === 'sql' && action.sql.includes('runaway')) return new Promise(() => {});
    return super.act(action);
  }

  override ask(node: string, sql: string, asOf?: Standing): ReturnType<FakeCluster['ask']> {
    return sql === 'runaway' ? new Promise(() => {}) : super.ask(node, sql, asOf);
  }
}

/** A page with one figure, over a device that is faked whole. */
export function page(
  shelf = new FakeShelf(),
  tabs = new FakeTabs(),
  loadEngine = async () => ({}) as EngineParts,
  {
    unfit = null as string | null,
    recording = null as Seen | null,
    fetchCode = async (): Promise<void> => {},
  } = {},
) {
  const workers: FakeWorker[] = [];
  let nowMs = 0;
  let askedToKeep = 0;
  let wakeUp = () => {};
  const host = {
    loadEngine,
    startWorker: (_: string, listener: RunWorkerListener) => {
      const worker = new FakeWorker(listener);
      workers.push(worker);
      return worker;
    },
    newLockName: () => 'lock',
    nowMs: () => nowMs,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        wakeUp = () => {
          nowMs += ms;
          wake();
        };
      }),
  };
  const session = new Session('durability', {
    opened: async (snapshot, watcher) => {
      await fetchCode();
      const live = new LiveRun(snapshot, host, watcher);
      const lookingBack = new LookingBack(snapshot, host);
      const playing = new Playing(snapshot, live, lookingBack);
      const recordingOf = () => recording && (async () => recording);
      return { live, lookingBack, playing, preflight: () => unfit, recordingOf };
    },
    parseRunFile: async (text) => parseRunFile(text),
    keepsakes: keepsakesOn(shelf),
    tabs: tabs.open(),
    askToKeep: () => {
      askedToKeep += 1;
    },
    nowMs: () => nowMs,
  });
  const sql = (text: string, name = 'a') => session.runSql('primary', name, text);
  const now = () => session.snapshot.get();
  const until = async (us: number) => {
    session.advance(instant(us));
    await settled();
  };
  /** The page's next picture. */
  const tick = async () => {
    wakeUp();
    await settled();
  };
  return { session, shelf, workers, sql, now, until, tick, asked: () => askedToKeep };
}

export async function started(shelf?: FakeShelf, tabs?: FakeTabs) {
  const it = page(shelf, tabs);
  await it.session.offer(SPEC);
  await it.session.start();
  return it;
}

/** All that can happen by now has happened. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
