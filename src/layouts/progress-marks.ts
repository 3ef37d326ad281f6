import { shareRead } from '../course/reading.ts';
import { readingOf } from './device.ts';

/** Fills the disc of every chapter by the share of it that has been read on this device, and says so in words. */
export function showProgress(within: ParentNode): void {
  for (const disc of within.querySelectorAll<HTMLElement>('[data-progress^="chapter:"]')) {
    const reading = readingOf(disc.dataset.progress?.slice('chapter:'.length) ?? '');
    const share = reading ? shareRead(reading) : 0;
    disc.style.setProperty('--share', String(share));
    const words = document.createElement('span');
    words.className = 'visually-hidden';
    words.textContent = inWords(share);
    disc.replaceChildren(words);
  }
}

function inWords(share: number): string {
  if (share === 0) return '';
  return share === 1 ? 'read: ' : `${Math.round(share * 100)} % read: `;
}
