import { expect, test } from 'vitest';
import { withoutStyles } from '../../../../src/ui/editor/strict-styles.ts';

test('style attributes of tags are put aside; text that looks like one is left alone', () => {
  const html =
    '<div style="top:0px;" class="view-line"><span class="mtk1">a style="x" &lt;b style="y"&gt;</span></div>';
  expect(withoutStyles(html)).toBe(
    '<div data-style="top:0px;" class="view-line"><span class="mtk1">a style="x" &lt;b style="y"&gt;</span></div>',
  );
});
