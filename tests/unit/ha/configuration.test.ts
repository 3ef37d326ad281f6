import { expect, test } from 'vitest';
import { adjustTimeouts } from '../../../src/ha/configuration.ts';

test("timeouts that keep Patroni's rule stay as they are", () => {
  const asked = { ttl: 30, loopWait: 10, retryTimeout: 10 };
  expect(adjustTimeouts(asked)).toEqual({ timeouts: asked, warnings: [] });
});

test('a ttl that is too short for the loop shortens the loop first', () => {
  const { timeouts, warnings } = adjustTimeouts({ ttl: 25, loopWait: 10, retryTimeout: 10 });
  expect(timeouts).toEqual({ ttl: 25, loopWait: 5, retryTimeout: 10 });
  expect(warnings).toEqual([
    'Violated the rule "loop_wait + 2*retry_timeout <= ttl", where ttl=25 and retry_timeout=10. Adjusting loop_wait from 10 to 5',
  ]);
});

test('where even a loop of one second is too long, retry_timeout goes down', () => {
  const { timeouts, warnings } = adjustTimeouts({ ttl: 10, loopWait: 10, retryTimeout: 15 });
  expect(timeouts).toEqual({ ttl: 20, loopWait: 1, retryTimeout: 9 });
  expect(warnings).toEqual([
    "ttl=10 can't be smaller than 20, adjusting...",
    'Violated the rule "loop_wait + 2*retry_timeout <= ttl", where ttl=20. Adjusting loop_wait from 10 to 1 and retry_timeout from 15 to 9',
  ]);
});
