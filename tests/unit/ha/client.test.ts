import { describe, expect, it } from 'vitest';
import { client, newClient } from '../../../src/ha/clients/client.ts';
import { ROUTES } from '../../../src/ha/clients/routes.ts';
import { after as later, ms, START, seconds } from '../../../src/sim/instant.ts';

const fresh = newClient(ROUTES.proxy, ms(200), START);
const turn = { kind: 'turn', reaches: 'node1' } as const;

describe('a client', () => {
  it('connects, writes, and thinks before it writes again', () => {
    const [waiting, effects] = client(fresh, turn, START);
    expect(effects).toEqual([{ kind: 'write', node: 'node1' }]);
    const at = later(START, ms(5));
    const [idle, told] = client(waiting, { kind: 'acknowledged' }, at);
    expect(told).toEqual([{ kind: 'told', outcome: 'ok' }]);
    expect(idle).toMatchObject({ node: 'node1', nextAt: later(at, ms(200)), waitsSince: null });
  });

  it('does not know what became of a write whose connection ended, and connects again', () => {
    const [waiting] = client(fresh, turn, START);
    const [away, told] = client(waiting, { kind: 'closed' }, later(START, ms(5)));
    expect(told).toEqual([{ kind: 'told', outcome: 'unknown' }]);
    expect(away.node).toBeNull();
    const [, effects] = client(away, { kind: 'turn', reaches: 'node2' }, away.nextAt);
    expect(effects).toEqual([{ kind: 'write', node: 'node2' }]);
  });

  it('gives up after ten seconds without an answer', () => {
    const [waiting] = client(fresh, turn, START);
    expect(waiting.nextAt).toBe(later(START, seconds(10)));
    const [, told] = client(waiting, turn, waiting.nextAt);
    expect(told).toEqual([{ kind: 'told', outcome: 'unknown' }]);
  });

  it('tries again where nobody takes a connection, and leaves a server that takes no writes', () => {
    const [outside, nothing] = client(fresh, { kind: 'turn', reaches: null }, START);
    expect([nothing, outside.nextAt]).toEqual([[], later(START, ms(500))]);
    const [waiting] = client(fresh, turn, START);
    const [, told] = client(waiting, { kind: 'refused' }, START);
    expect(told).toEqual([{ kind: 'told', outcome: 'fail' }]);
  });
});
