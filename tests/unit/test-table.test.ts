import { expect, test } from 'vitest';
import { closingLine } from '../../src/cli/test-table.ts';

test('the closing line sums all steps', () => {
  const lint = { passed: 1, failed: 0, skipped: [] };
  const unit = { passed: 40, failed: 2, skipped: [] };
  expect(closingLine([lint, unit])).toBe('41 passed, 2 failed');
});

test('skipped tests are counted where there are any', () => {
  const scenarios = { passed: 3, failed: 0, skipped: ['a real cluster', 'another one'] };
  expect(closingLine([scenarios])).toBe('3 passed, 0 failed, 2 skipped');
});
