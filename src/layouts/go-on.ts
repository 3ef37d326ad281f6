import { keepsakes } from '../session/keep/page-keep.ts';

/** On the home page: a link to the section that was read last. */
export async function offerToGoOn(): Promise<void> {
  const place = document.querySelector<HTMLElement>('[data-go-on]');
  if (!place) return;
  const last = (await keepsakes.list('reading')).at(-1);
  const chapter = document.querySelector<HTMLElement>(`[data-progress="chapter:${last?.of}"]`);
  const there = chapter?.closest('a');
  const link = place.querySelector('a');
  if (!last || !there || !link) return;
  link.href = `${there.href}#${last.contents.section}`;
  const title = there.querySelector(':scope > span:last-child')?.textContent?.trim();
  link.textContent = `Go on where you were: ${title}`;
  place.hidden = false;
}
