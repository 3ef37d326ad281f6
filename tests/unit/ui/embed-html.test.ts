import { expect, test } from 'vitest';
import { embedHtml } from '../../../src/ui/embed-html.ts';

test('a line of HTML names the page, its title and what the frame may do', () => {
  const line = embedHtml({
    url: 'https://wiki.example/c/embed/figure/tea/',
    title: 'Tea',
    height: 900,
  });
  expect(line).toMatch(
    /^<iframe src="https:\/\/wiki\.example\/c\/embed\/figure\/tea\/" title="Tea" width="100%" height="900" loading="lazy" sandbox="[a-z -]+" allow="clipboard-write; fullscreen"><\/iframe>$/,
  );
  // Without its own origin, the frame could load no script of the course and keep no work.
  expect(line).toContain('allow-same-origin');
  expect(line).not.toContain('\n');
});

test('a title cannot break out of its attribute', () => {
  const line = embedHtml({ url: 'https://x/', title: '"><script>alert(1)</script>&', height: 1 });
  expect(line).not.toContain('<script>');
  expect(line).toContain('title="&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;"');
});
