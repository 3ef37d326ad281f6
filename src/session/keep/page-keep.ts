// What the page in this browser keeps: made once, shared by all islands of the page.
import { Drafts } from './drafts.ts';
import { Keepsakes } from './keepsakes.ts';
import { takeOver } from './old-storage.ts';
import { browserShelf } from './shelf.ts';
import { browserTabs } from './tabs.ts';

const now = () => new Date().toISOString();

export const keepsakes = new Keepsakes(browserShelf('standby'), now, (shelf) =>
  takeOver(() => localStorage, shelf, now()),
);

/** For every field that a learner types into: `drafts.read(figure, field)`, `drafts.write(figure, field, text)`. */
export const drafts = new Drafts(keepsakes, (task, ms) => setTimeout(task, ms));

if (typeof document !== 'undefined') {
  addEventListener('pagehide', () => drafts.flush());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') drafts.flush();
  });
}

export const tabs = browserTabs();

let asked = false;

/** Asks the browser, once a page, not to clear the site's storage by itself. */
export function askToKeep(): void {
  if (asked) return;
  asked = true;
  navigator.storage?.persist?.().catch(() => {});
}
