import { excerptNodes } from './search-excerpt.ts';
import { type Finding, findings } from './search-findings.ts';

const SHOWN = 12;
const AFTER_TYPING_MS = 120;

/** Lets the dialog find what is typed into it. */
export function makeSearch(dialog: HTMLDialogElement): void {
  const [input, close, status, list] = ['input', 'button', '.search-status', '.search-list'].map(
    (part) => dialog.querySelector<HTMLElement>(part),
  );
  if (!(input instanceof HTMLInputElement) || !close || !status || !list) return;

  let asked = 0;
  const find = async () => {
    asked += 1;
    const mine = asked;
    const words = input.value.trim();
    await new Promise((wait) => setTimeout(wait, AFTER_TYPING_MS));
    if (mine !== asked) return;
    try {
      const found = words === '' ? [] : await findings(words, SHOWN);
      if (mine !== asked) return;
      list.replaceChildren(...found.map(itemOf));
      status.textContent = words === '' ? '' : countInWords(found.length, words);
    } catch (error) {
      list.replaceChildren();
      status.textContent = `The search cannot be loaded: ${error instanceof Error ? error.message : error}. Go on typing to try again.`;
    }
  };
  input.addEventListener('input', () => void find());
  dialog.addEventListener('keydown', (event) => moveThrough(event, input, list));
  dialog.addEventListener('click', ({ target }) => {
    // On the backdrop, on Close, or on a link, which may lead to another place of this very page.
    if (target === dialog || (target as Element).closest('a, button')) dialog.close();
  });
  if (input.value !== '') void find();
}

const countInWords = (count: number, words: string): string => {
  if (count === 0) return `Nothing for “${words}”. Fewer or other words may find more.`;
  if (count === SHOWN) return `The best ${count} places`;
  return count === 1 ? '1 place' : `${count} places`;
};

function itemOf({ url, title, where, excerpt }: Finding): HTMLLIElement {
  const link = document.createElement('a');
  link.href = url;
  const heading = document.createElement('strong');
  heading.textContent = title;
  const place = document.createElement('span');
  place.textContent = where;
  const text = document.createElement('p');
  text.append(...excerptNodes(excerpt));
  link.append(heading, ' ', place, text);
  const item = document.createElement('li');
  item.append(link);
  return item;
}

/** Arrows walk through the places found; Enter in the field goes to the first. */
function moveThrough(event: KeyboardEvent, input: HTMLInputElement, list: HTMLElement): void {
  const links = [...list.querySelectorAll('a')];
  if (event.key === 'Enter' && event.target === input) links[0]?.click();
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || links.length === 0) return;
  event.preventDefault();
  const at = links.indexOf(document.activeElement as HTMLAnchorElement) + step;
  if (at < 0) input.focus();
  else links[Math.min(at, links.length - 1)]?.focus();
}
