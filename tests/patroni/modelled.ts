import { DEFAULT_LOCAL } from '../../src/ha/configuration.ts';
import type { GovernorSpec } from '../../src/ha/ha-port.ts';
import type { PatroniRecord, ScheduleStep } from '../../src/ha/patroni-record.ts';
import { readPatroniYml } from '../../src/ha/patroni-yml/patroni-yml.ts';
import { Play, type PlayAction } from '../../src/ha/play/play.ts';
import { after, ms, START, seconds } from '../../src/sim/instant.ts';

export const NODES = ['node1', 'node2', 'node3'];
/** The model's cluster has so long to come to rest before the first step, which comes between two turns of the loops. */
export const BEFORE = seconds(42);
/** Chance may have put the real one's last turn a little earlier than the model's. */
export const LONGER = seconds(10);

/** What a recorded cluster was governed by. */
export function recordedGovernor({ head }: PatroniRecord): GovernorSpec {
  const { dynamic } = readPatroniYml(
    JSON.stringify({ scope: 'cafe', name: 'node1', bootstrap: { dcs: head.dynamic } }),
  );
  const local = { ...DEFAULT_LOCAL, watchdog: { ...DEFAULT_LOCAL.watchdog, mode: 'off' as const } };
  return {
    scope: 'cafe',
    dynamic,
    local: Object.fromEntries(NODES.map((node) => [node, local])),
    dcsMembers: ['etcd1', 'etcd2', 'etcd3'],
    withoutWatchdog: NODES,
    proxy: null,
  };
}

/** The schedule of a record, on the model: the same settings, the same steps at the same instants. */
export function modelled(record: PatroniRecord, seed: number): Play {
  const { lines } = record;
  const play = new Play(recordedGovernor(record), NODES, seed);
  const begin = after(START, BEFORE);
  for (const line of lines) {
    if (line.kind !== 'step') continue;
    play.runUntil(after(begin, ms(line.at)));
    play.act(deed(line.step));
  }
  play.runUntil(after(after(begin, ms(lines.at(-1)?.at ?? 0)), LONGER));
  return play;
}

/** An instant of the model as the record counts: ms since the first step. */
export const sinceFirstStep = (at: number): number => (at - BEFORE) / 1000;

function deed(step: ScheduleStep): PlayAction {
  switch (step.do) {
    case 'kill':
      return { kind: 'powerOff', node: step.node };
    case 'start':
      return { kind: 'powerOn', node: step.node };
    case 'freeze-patroni':
      return { kind: 'freezePatroni', node: step.node };
    case 'thaw-patroni':
      return { kind: 'thawPatroni', node: step.node };
    case 'freeze-walreceiver':
      return { kind: 'freezeWalreceiver', node: step.node };
    case 'thaw-walreceiver':
      return { kind: 'thawWalreceiver', node: step.node };
    case 'cut-dcs':
      return { kind: 'cutFromDcs', node: step.node };
    case 'heal-dcs':
      return { kind: 'healToDcs', node: step.node };
    case 'kill-dcs':
      return { kind: 'stopDcs', member: step.member };
    case 'start-dcs':
      return { kind: 'startDcs', member: step.member };
    case 'write':
      return { kind: 'write', bytes: step.bytes };
    case 'switchover':
      return { kind: 'switchover', leader: step.leader, candidate: step.candidate };
    case 'pause':
      return { kind: 'pause' };
    case 'resume':
      return { kind: 'resume' };
  }
}
