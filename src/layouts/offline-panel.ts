import type { EngineStore } from '../offline/engine-store.ts';

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);

/** The lines about offline use at the foot of a page: what is kept, the button to keep PostgreSQL too, and to remove it. */
export async function showKeeping(panel: HTMLElement, store: EngineStore): Promise<void> {
  const status = panel.querySelector<HTMLElement>('[role="status"]');
  const bar = panel.querySelector('progress');
  const button = panel.querySelector('button');
  if (!status || !bar || !button) return;
  let running: AbortController | null = null;
  const total = megabytes(store.total);

  const rest = async (trouble?: string) => {
    const kept = await store.isKept().catch(() => false);
    bar.hidden = true;
    status.textContent =
      trouble ??
      (kept
        ? `The whole course is kept on this device, PostgreSQL included (${total} MB). It runs offline.`
        : 'The pages are kept on this device and read offline. PostgreSQL is not kept yet.');
    button.textContent = kept ? 'Remove PostgreSQL' : `Keep PostgreSQL for offline: ${total} MB`;
    button.dataset.kept = kept ? 'yes' : 'no';
  };

  const keep = async () => {
    running = new AbortController();
    bar.hidden = false;
    bar.max = store.total;
    button.textContent = 'Stop';
    const { signal } = running;
    try {
      await store.keep((bytes) => {
        bar.value = bytes;
        status.textContent = `Keeping PostgreSQL: ${megabytes(bytes)} of ${total} MB`;
      }, signal);
      await rest();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await rest(
        signal.aborted
          ? 'Stopped. What has come is kept; go on when you like.'
          : `PostgreSQL could not be kept: ${reason}.`,
      );
    }
    running = null;
  };

  button.addEventListener('click', () => {
    if (running) running.abort();
    else if (button.dataset.kept === 'yes') void store.remove().then(() => rest());
    else void keep();
  });
  await rest();
  panel.hidden = false;
}
