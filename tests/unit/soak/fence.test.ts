import { describe, expect, it } from 'vitest';
import type { FencePlan } from '../../../src/soak/fence-run.ts';
import { type FenceProof, proveFence } from '../../../src/soak/prove-fence.ts';

const NIGHT: FencePlan = {
  watchdog: 'automatic',
  hasDevice: false,
  synchronousMode: 'off',
  onRoleChange: false,
  prePromote: null,
};

const SCHEDULES = Array.from({ length: 21 }, (_, number) => number);
const tried = (fix: Partial<FencePlan>) =>
  SCHEDULES.map((number) => proveFence({ ...NIGHT, ...fix }, number));
const withTwo = (proofs: readonly FenceProof[]) => proofs.filter(({ two }) => two !== null).length;

/** The table of chapter 10, "The fixes, tried": what it prints is what the model does. */
/** Twenty-one schedules of minutes: on a busy machine they may take their time. */
describe('the fixes of the incident, on its night and on twenty like it', {
  timeout: 60_000,
}, () => {
  it.each([
    ['none', {}, '90.0 s', 21],
    ['a fence in on_role_change', { onRoleChange: true }, '40.1 s', 21],
    ['synchronous_mode', { synchronousMode: 'on' }, '89.9 s', 21],
    ['required without a device', { watchdog: 'required' }, null, 0],
    ['a device, automatic', { hasDevice: true }, null, 2],
    ['a fence before, named by a file', { prePromote: 'the file' }, null, 7],
    ['a device, required', { hasDevice: true, watchdog: 'required' }, null, 0],
    ['a fence before, named by the DCS', { prePromote: 'who led last' }, null, 0],
  ] as const)('%s', (_, fix, thatNight, count) => {
    const proofs = tried(fix);
    const words = proofs[0]?.two?.words ?? null;
    if (thatNight === null) expect(words).toBeNull();
    else expect(words).toContain(`for ${thatNight}`);
    expect(withTwo(proofs)).toBe(count);
  });

  it('gives no leader at all where a watchdog is required and no machine has one', () => {
    for (const { history } of tried({ watchdog: 'required' }))
      expect(history.acknowledged).toHaveLength(0);
  });

  it('makes the same run again', () => {
    expect(proveFence(NIGHT, 7)).toEqual(proveFence(NIGHT, 7));
  });
});
