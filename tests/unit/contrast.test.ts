import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../src/styles/tokens.css', import.meta.url), 'utf8');

/** Every colour of the design as [light, dark], by name without its dashes. */
const colours = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)/g)].map(
    ([, name, light, dark]) => [name, { light, dark }],
  ),
);

const texts = [
  'ink',
  'ink-soft',
  'accent',
  'string',
  'stage-sent',
  'stage-written',
  'stage-flushed',
  'stage-replayed',
];
const grounds = ['ground', 'ground-raised', 'ground-sunken'];

describe.each(['light', 'dark'] as const)('in %s', (theme) => {
  const colour = (name: string) => {
    const value = colours.get(name)?.[theme];
    if (!value) throw new Error(`tokens.css has no colour --${name}`);
    return value;
  };

  test.each(texts)('%s reads on every ground (WCAG AA)', (text) => {
    for (const ground of grounds) {
      expect(contrast(colour(text), colour(ground)), `on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('text on the accent reads', () => {
    expect(contrast(colour('accent-ink'), colour('accent'))).toBeGreaterThanOrEqual(4.5);
  });

  test('selected text reads', () => {
    expect(contrast(colour('ink'), colour('selection'))).toBeGreaterThanOrEqual(4.5);
  });
});

/** The contrast ratio of WCAG 2. */
function contrast(a: string, b: string): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
