import { z } from 'zod';
import { ROUTES, type RouteName } from '../../ha/clients/routes.ts';
import type { Invariant } from '../../soak/invariants.ts';

const INVARIANTS: readonly [Invariant, ...Invariant[]] = [
  'one primary',
  'nothing lost',
  'forks at promotions',
  'a leader again',
];

const fencePlan = z.strictObject({
  watchdog: z.enum(['off', 'automatic', 'required']),
  hasDevice: z.boolean(),
  synchronousMode: z.enum(['off', 'on']),
  onRoleChange: z.boolean(),
  prePromote: z.enum(['who led last', 'the file']).nullable(),
});

const route = z.enum(Object.keys(ROUTES) as [RouteName, ...RouteName[]]);
const whole = z.int().min(0);

/** A schedule of troubles that a verdict names, as a file of progress holds it. */
export const failingSchedule = z.strictObject({
  tried: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('governor'), yml: z.string().max(20_000), route }),
    z.strictObject({ kind: z.literal('fence'), plan: fencePlan }),
  ]),
  number: whole,
  kept: z.array(whole).max(100),
  of: whole,
  invariant: z.enum(INVARIANTS),
  at: whole,
});
