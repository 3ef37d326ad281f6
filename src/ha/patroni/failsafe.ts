/** failsafe_mode: a leader that cannot reach the DCS goes on while every other member agrees. */
import { after } from '../../sim/instant.ts';
import type { Call, Run } from './run.ts';

/** Whether all members of /failsafe agree that this node goes on as primary. */
export function* checkFailsafeTopology(run: Run): Call<boolean> {
  const { node } = run;
  const failsafe = run.memory.keys?.failsafe ?? null;
  if (failsafe === null || !failsafe.includes(node)) return false;
  const others = failsafe.filter((name) => name !== node);
  const answers = yield* run.askNodes(others, { kind: 'failsafe', leader: node });
  return others.every((name) => {
    const answer = answers.get(name);
    const accepted = answer?.kind === 'accepted' && answer.accepted;
    if (answer === undefined)
      run.log(
        'WARNING',
        `Request failed to ${name}: POST http://${name}:8008/failsafe (timed out)`,
      );
    else
      run.info(
        `Got response from ${name} http://${name}:8008/failsafe: ${accepted ? 'Accepted' : 'Running as a leader'}`,
      );
    return accepted;
  });
}

/** What the leader itself remembers of it: until when it counts. */
export const failsafeLeader = (run: Run) => ({
  leader: run.node,
  until: after(run.at, run.memory.dynamic.ttl),
});
