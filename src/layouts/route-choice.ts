const KEY = 'standby.route';

/** The style sheet filters by the route that is checked; here the choice is kept from page to page. */
export function keepRoute(contents: HTMLElement): void {
  const choices = [...contents.querySelectorAll<HTMLInputElement>('input[name="route"]')];
  // Storage may be refused altogether; then the choice lasts as long as the page.
  try {
    const last = localStorage.getItem(KEY);
    for (const choice of choices) {
      if (choice.value === last) choice.checked = true;
      choice.addEventListener('change', () => localStorage.setItem(KEY, choice.value));
    }
  } catch {}
}
