import { keep, kept } from './device.ts';

const KEY = 'standby.route';

/** The style sheet filters by the route that is checked; here the choice is kept from page to page. */
export function keepRoute(contents: HTMLElement): void {
  const choices = [...contents.querySelectorAll<HTMLInputElement>('input[name="route"]')];
  const last = kept(KEY);
  for (const choice of choices) {
    if (choice.value === last) choice.checked = true;
    choice.addEventListener('change', () => keep(KEY, choice.value));
  }
}
