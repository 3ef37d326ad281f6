import { describe, expect, test } from 'vitest';
import { labs } from '../../labs/labs.ts';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { claimsOf, prove, seedGroups } from '../../src/lab/prove.ts';

/** What a lab says of itself, a test a claim and a seed. A file a lab, so that labs are proved side by side. */
export function provesItself(name: string): void {
  const lab = labs.find((one) => one.name === name);
  if (!lab) throw new Error(`there is no lab "${name}"`);
  describe.each(claimsOf(lab))('$kind: $name', (claim) => {
    test.each(seedGroups(lab, claim).map((seeds) => ({ seeds })))(
      'seeds $seeds',
      async ({ seeds }) => {
        expect(await prove(lab, claim, seeds, await openNodeEngine())).toBeNull();
      },
    );
  });
}
