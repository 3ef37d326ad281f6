import type { Client } from '../../cluster/workload/client.ts';
import { seconds } from '../../sim/instant.ts';
import { Prng } from '../../sim/prng.ts';
import type { Lab } from '../lab.ts';
import { Guest } from './guest.ts';
import { GuestApp } from './guest-app.ts';
import { PositionAsker } from './position-asker.ts';

/** The guests of a lab on a seed and the app that they use, each with a stream of its own; null where a lab has none. */
export function openGuests(
  { start }: Lab,
  seed: number,
  answer: (id: string) => string,
): { readonly app: GuestApp; readonly clients: readonly Client[] } | null {
  const { guests, nodes } = start;
  if (!guests) return null;
  const [primary = '', ...standbys] = nodes;
  const app = new GuestApp(primary, standbys, () => answer(guests.token));
  const random = Prng.seeded(seed);
  const think = [seconds(guests.think[0]), seconds(guests.think[1])] as const;
  return {
    app,
    clients: [
      ...standbys.map((standby) => new PositionAsker(standby, app, random.fork(`asks ${standby}`))),
      ...Array.from(
        { length: guests.count },
        (_, i) => new Guest(i + 1, app, random.fork(`guest ${i + 1}`), think),
      ),
    ],
  };
}
