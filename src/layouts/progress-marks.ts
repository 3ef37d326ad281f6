import { shareRead } from '../course/reading.ts';
import { keepsakes } from '../session/keep/page-keep.ts';
import { passes } from '../session/lab-progress.ts';

interface Progress {
  /** From 0 to 1. */
  readonly share: number;
  readonly words: string;
}

const NONE: Progress = { share: 0, words: '' };

/** Fills the disc of every chapter and lab by what this device keeps of it, and says so in words. */
export async function showProgress(within: ParentNode): Promise<void> {
  const known = new Map<string, Progress>();
  for (const kept of await keepsakes.list('reading', 'lab')) {
    if (kept.kind === 'reading') {
      const share = shareRead(kept.contents);
      const words = share === 1 ? 'read' : `${Math.round(share * 100)} % read`;
      known.set(`chapter:${kept.of}`, { share, words });
    } else if (kept.contents.checked) {
      const passed = passes(kept.contents.checked);
      known.set(`lab:${kept.of}`, { share: passed ? 1 : 0.5, words: passed ? 'passed' : 'tried' });
    }
  }
  for (const disc of within.querySelectorAll<HTMLElement>('[data-progress]')) {
    const { share, words } = known.get(disc.dataset.progress ?? '') ?? NONE;
    disc.style.setProperty('--share', String(share));
    const said = document.createElement('span');
    said.className = 'visually-hidden';
    said.textContent = words && `${words}: `;
    disc.replaceChildren(said);
  }
}
