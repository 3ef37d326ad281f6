/** Patroni's REST interface: it answers from what the process knows, also while its loop waits for something. */
import type { Lsn } from '../postgres/lsn.ts';
import { DEFAULT_LOCAL } from './configuration.ts';
import type { Governing } from './governing.ts';
import type { Answer, NodeStatus, PatroniRequest } from './patroni/port.ts';

/** Null: no process answers. */
export function answerRequest(step: Governing, to: string, request: PatroniRequest): Answer | null {
  const node = step.state.nodes[to];
  if (!node?.patroni || node.process !== 'running') return null;
  if (request.kind === 'status') return { kind: 'status', status: statusOf(step, to) };
  if (request.kind !== 'failsafe') return null;
  const { memory } = node.patroni;
  if (memory.state === 'running' && memory.role === 'primary')
    return { kind: 'accepted', accepted: false };
  step.tellPatroni(to, { kind: 'failsafe', leader: request.leader });
  return { kind: 'accepted', accepted: true };
}

/** GET /patroni. */
function statusOf(step: Governing, name: string): NodeStatus {
  const facts = step.postgres(name);
  const { tags, watchdog } = step.state.spec.local[name] ?? DEFAULT_LOCAL;
  const { status, inRecovery, receiveLsn, replayLsn, timeline } = facts;
  return {
    node: name,
    inRecovery: status === 'up' ? inRecovery : null,
    walPosition: (inRecovery ? Math.max(receiveLsn, replayLsn) : 0) as Lsn,
    timeline,
    tags,
    watchdogFailed: watchdog.mode === 'required' && !step.node(name).watchdogWorks,
  };
}

/** GET /primary, which HAProxy asks: 200 from the leader, 503 from others, null where nobody answers. */
export function primaryStatus(step: Governing, name: string): 200 | 503 | null {
  const { patroni, process } = step.node(name);
  if (patroni === null || process !== 'running') return null;
  return patroni.memory.leaderUntil > step.at ? 200 : 503;
}
