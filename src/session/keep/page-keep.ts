// What the page in this browser keeps: made once, shared by all islands of the page.
import { Keepsakes } from './keepsakes.ts';
import { browserShelf } from './shelf.ts';

const now = () => new Date().toISOString();

/** The keys of what the first edition of the course kept in localStorage. Few devices have any. */
const OLD_KEY = /^standby\.(run|quiz|predict)\./;

export const keepsakes = new Keepsakes(browserShelf('standby'), now, async (shelf) => {
  if (!Object.keys(localStorage).some((key) => OLD_KEY.test(key))) return;
  const { takeOver } = await import('./old-storage.ts');
  await takeOver(() => localStorage, shelf, now());
});

let asked = false;

/** Asks the browser, once a page, not to clear the site's storage by itself. */
export function askToKeep(): void {
  if (asked) return;
  asked = true;
  navigator.storage?.persist?.().catch(() => {});
}
