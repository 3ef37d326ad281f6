/** Shows the button of the search, and opens it by `/` and Ctrl+K too. What searches is fetched when it is first wanted. */
export function offerSearch(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-search]');
  const dialog = document.querySelector<HTMLDialogElement>('[data-search-dialog]');
  if (!button || !dialog) return;
  let readied = false;
  const open = async () => {
    // Open before the rest is there: what is typed meanwhile is not lost.
    if (!dialog.open) dialog.showModal();
    dialog.querySelector('input')?.select();
    if (readied) return;
    readied = true;
    (await import('./search.ts')).makeSearch(dialog);
  };
  button.hidden = false;
  button.addEventListener('click', () => void open());
  addEventListener('keydown', (event) => {
    const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey;
    const ctrlK = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
    if (event.defaultPrevented || (!ctrlK && !(slash && !isTyping(event.target)))) return;
    event.preventDefault();
    void open();
  });
}

/** A slash that is typed into a terminal or an editor belongs there. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]'));
