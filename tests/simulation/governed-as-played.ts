import { openNodeEngine } from '../../src/cli/node-engine.ts';
import type { Action } from '../../src/cluster/action.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import type { Client, ClientWorld, Turn } from '../../src/cluster/workload/client.ts';
import type { Chronicle } from '../../src/ha/chronicle.ts';
import type { PatroniRecord, ScheduleStep } from '../../src/ha/patroni-record.ts';
import { after, type Duration, type Instant, ms, seconds } from '../../src/sim/instant.ts';
import { BEFORE, LONGER, NODES, recordedGovernor } from '../patroni/modelled.ts';

/** A new governed cluster is shown when it has been governed for so long. */
const GOVERNED_BEFORE = seconds(32);

/** What stands at each node and writes as long as that takes writes, five times a second. */
class Writer implements Client {
  readonly name: string;
  readonly population = null;
  readonly #node: string;

  constructor(node: string) {
    this.#node = node;
    this.name = `writer at ${node}`;
  }

  first(): Duration {
    return ms(50);
  }

  goOn(): Duration {
    return ms(200);
  }

  hear(): Duration {
    return ms(200);
  }

  turn(_at: Instant, world: ClientWorld): Turn {
    if (world.found(this.#node) !== 'writes') return { kind: 'pause', length: ms(200) };
    const sql = `select pg_logical_emit_message(true, 'w', repeat('x', 900))`;
    const connects = !world.isOpen(this.#node, this.name);
    return {
      kind: 'request',
      request: { node: this.#node, sql, kind: 'write', connects, key: 0, attempt: 1 },
    };
  }
}

export interface Joined {
  readonly chronicle: Chronicle;
  /** The instant of the first step. */
  readonly begin: Instant;
  readonly hashes: { readonly trace: string; readonly wal: string };
}

const engine = await openNodeEngine();

/** The schedule of a record, on real servers under the model. */
export async function joined(record: PatroniRecord, seed: number): Promise<Joined> {
  const cluster = await Cluster.open(
    { nodes: NODES, settings: {}, seed, governor: recordedGovernor(record) },
    engine,
    { others: NODES.map((node) => new Writer(node)) },
  );
  const begin = after(cluster.now, (BEFORE - GOVERNED_BEFORE) as Duration);
  for (const line of record.lines) {
    if (line.kind !== 'step') continue;
    await cluster.advance(after(begin, ms(line.at)));
    await step(cluster, line.step);
  }
  await cluster.advance(after(after(begin, ms(record.lines.at(-1)?.at ?? 0)), LONGER));
  const { governor } = cluster.view();
  if (governor === null) throw new Error('nothing governs the cluster');
  const hashes = cluster.hashes();
  cluster.close();
  return { chronicle: governor.chronicle, begin, hashes };
}

async function step(cluster: Cluster, scheduled: ScheduleStep): Promise<void> {
  if (scheduled.do !== 'write') {
    await cluster.act(deed(scheduled));
    return;
  }
  const sql = `select pg_logical_emit_message(true, 'w', repeat('x', ${scheduled.bytes}))`;
  for (const { name, role, status } of cluster.view().nodes)
    if (role === 'primary' && status === 'up')
      await cluster.act({ kind: 'sql', node: name, session: 'hand', sql });
}

function deed(scheduled: Exclude<ScheduleStep, { readonly do: 'write' }>): Action {
  switch (scheduled.do) {
    case 'kill':
      return { kind: 'powerOff', node: scheduled.node };
    case 'start':
      return { kind: 'powerOn', node: scheduled.node };
    case 'freeze-patroni':
      return { kind: 'freezePatroni', node: scheduled.node };
    case 'thaw-patroni':
      return { kind: 'thawPatroni', node: scheduled.node };
    case 'freeze-walreceiver':
      return { kind: 'freeze', node: scheduled.node, process: 'walreceiver' };
    case 'thaw-walreceiver':
      return { kind: 'thaw', node: scheduled.node, process: 'walreceiver' };
    case 'cut-dcs':
      return { kind: 'cutFromDcs', node: scheduled.node };
    case 'heal-dcs':
      return { kind: 'healToDcs', node: scheduled.node };
    case 'kill-dcs':
      return { kind: 'stopDcs', member: scheduled.member };
    case 'start-dcs':
      return { kind: 'startDcs', member: scheduled.member };
    case 'switchover':
      return { kind: 'switchover', leader: scheduled.leader, candidate: scheduled.candidate };
    default:
      return { kind: scheduled.do };
  }
}
