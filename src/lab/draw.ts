import type { Action } from '../cluster/action.ts';
import { drawSeconds } from '../cluster/workload/client.ts';
import type { Evidence } from '../grading/evidence.ts';
import { after, type Instant, seconds } from '../sim/instant.ts';
import { Prng } from '../sim/prng.ts';
import type { Lab } from './lab.ts';

/** What befalls the cluster of a lab on a seed, in order of time, and what of it was drawn. */
export interface Fate {
  readonly events: readonly {
    readonly at: Instant;
    readonly action: Action;
    /** Drawn by lot: for the learner to find out. */
    readonly byLot: boolean;
  }[];
  readonly drawn: Evidence['drawn'];
}

/** Each list, and each draw of it, has a stream of its own: a new one disturbs no other. */
export function drawFate({ start }: Lab, seed: number, takenOverAt: Instant): Fate {
  const random = Prng.seeded(seed);
  const times = random.fork('events');
  const at = (stream: Prng, range: readonly [number, number]) =>
    after(takenOverAt, seconds(drawSeconds(stream, range)));
  const events = start.events.map((event) => ({
    at: at(times, event.at),
    action: event.action,
    byLot: false,
  }));
  const drawn: Record<string, Readonly<Record<string, string>>> = {};
  for (const draw of start.draws) {
    const stream = random.fork(`draw ${draw.name}`);
    const { facts, actions } = stream.pick(draw.oneOf);
    drawn[draw.name] = facts;
    const when = at(stream, draw.at);
    events.push(...actions.map((action) => ({ at: when, action, byLot: true })));
  }
  return { events: events.toSorted((one, other) => one.at - other.at), drawn };
}
