/** Replays an exported run in Node and prints the digests of what it did: `node tests/e2e/replay-run.ts FILE`. */
import { readFileSync } from 'node:fs';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { openRun } from '../../src/session/open-run.ts';
import { Player } from '../../src/session/player.ts';
import type { FromWorker } from '../../src/session/protocol.ts';
import { parseRunFile } from '../../src/session/run-file-schema.ts';

const { record } = parseRunFile(readFileSync(process.argv[2] ?? '', 'utf8'));
const cluster = await openRun(record.spec, await openNodeEngine());
const host = { nowMs: () => 0, sleep: () => Promise.resolve() };
const answers: FromWorker[] = [];
const player = new Player(cluster, record, host, (answer) => answers.push(answer));
await player.replay(record.until);
const failure = answers.find((answer) => answer.kind === 'failed');
if (failure) throw new Error(failure.reason);
console.log(JSON.stringify(cluster.hashes()));
