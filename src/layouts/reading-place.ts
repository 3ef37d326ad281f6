import { withSection } from '../course/reading.ts';
import { keepsakes } from '../session/keep/page-keep.ts';

/** Marks the section that is being read in the list of contents, and keeps how far the reader has come. */
export async function followReading(contents: HTMLElement): Promise<void> {
  const here = contents.querySelector('.place[aria-current="page"]')?.parentElement;
  const links = [...(here?.querySelectorAll<HTMLAnchorElement>('.sections a') ?? [])];
  const slug = here
    ?.querySelector<HTMLElement>('[data-progress^="chapter:"]')
    ?.dataset.progress?.slice('chapter:'.length);
  const headings = links.flatMap(({ hash }) => document.getElementById(hash.slice(1)) ?? []);
  if (!slug || headings.length === 0) return;
  const ids = headings.map(({ id }) => id);
  let reading = (await keepsakes.read('reading', slug))?.contents ?? null;

  const reached = (section: string) => {
    for (const link of links) {
      if (link.hash.slice(1) === section) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    }
    reading = withSection(reading, section, ids);
    void keepsakes.keep('reading', slug, reading);
  };
  // A heading is reached where it crosses the upper half of the window: what flies past on the way to the end is not read.
  const watcher = new IntersectionObserver(
    (entries) => {
      const entered = entries.filter(({ isIntersecting }) => isIntersecting).at(-1);
      if (entered) reached(entered.target.id);
    },
    { rootMargin: '0px 0px -50% 0px' },
  );
  for (const heading of headings) watcher.observe(heading);
}
