// The dedicated worker that holds one run: the engine's servers, the cluster and its virtual time.
import { loadParser } from '../cluster/sql-text.ts';
import { PgliteEngine } from '../engine/pglite-engine.ts';
import { openRun } from './open-run.ts';
import { Player } from './player.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

// A spare worker uses the time before it is needed. A failure shows when the cluster asks for the parser.
loadParser().catch(() => {});

const host = {
  nowMs: () => performance.now(),
  sleep: (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms)),
};

const post = (message: FromWorker) => postMessage(message);

let player: Player | null = null;

async function open(message: Extract<ToWorker, { kind: 'open' }>): Promise<void> {
  // Held until this worker is no more; the page waits for it. Some addresses have no locks, and some frames are denied them.
  navigator.locks?.request(message.lock, () => new Promise(() => {})).catch(() => {});
  const engine = new PgliteEngine(message.engine);
  const cluster = await openRun(message.record.spec, engine);
  player = new Player(cluster, message.record, host, post);
  await player.replay(message.until);
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'open':
      return open(message);
    case 'ping':
      return post({ kind: 'pong', ticket: message.ticket });
    case 'act':
      return player?.act(message.ticket, message.action);
    case 'play':
      return player?.play(message.speed);
    case 'advance':
      return player?.advance(message.until);
    case 'ask':
      return player?.ask(message.ticket, message.at, message.node, message.sql);
    case 'hash':
      return player?.hash(message.ticket);
  }
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  handle(data).catch((error: unknown) => {
    post({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  });
});
