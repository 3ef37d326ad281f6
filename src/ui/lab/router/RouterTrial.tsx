import { createSignal, For, Show } from 'solid-js';
import { TRIAL_GUESTS, TRIAL_NODES } from './trial-guests.ts';

interface Tried {
  readonly fault: string | null;
  readonly said: readonly string[];
}

/** Asks the router for three made-up guests. The interpreter is fetched for it, and stops what does not end. */
export function RouterTrial(props: { text: string }) {
  const [tried, setTried] = createSignal<Tried | null>(null);
  const [busy, setBusy] = createSignal(false);
  const run = async () => {
    if (busy()) return;
    setBusy(true);
    setTried(await tryRouter(props.text));
    setBusy(false);
  };
  return (
    <div class="router-trial">
      <div class="tool-row">
        <button type="button" class="act" disabled={busy()} onClick={() => void run()}>
          Try it on three guests
        </button>
        <span class="soft">
          <code>standby1</code> has replayed {TRIAL_NODES[1]?.replayed}, <code>standby2</code>{' '}
          {TRIAL_NODES[2]?.replayed}.
        </span>
      </div>
      <div class="tried" aria-live="polite">
        <Show when={tried()} keyed>
          {({ fault, said }) => (
            <Show when={fault === null} fallback={<p class="wrong">It does not run: {fault}.</p>}>
              <ol>
                <For each={TRIAL_GUESTS}>
                  {({ says }, i) => (
                    <li>
                      A guest who {says}: <strong>{said[i()]}</strong>
                    </li>
                  )}
                </For>
              </ol>
            </Show>
          )}
        </Show>
      </div>
    </div>
  );
}

async function tryRouter(text: string): Promise<Tried> {
  try {
    const { compileRouter } = await import('../../../routing/compile-router.ts');
    const router = await compileRouter(text);
    try {
      const said = TRIAL_GUESTS.map(({ guest }) => {
        const decision = router.decide(guest, TRIAL_NODES);
        if ('refused' in decision) return `no decision: ${decision.refused}`;
        return 'node' in decision ? `reads on ${decision.node}` : `waits ${decision.waitMs} ms`;
      });
      return { fault: null, said };
    } finally {
      router.dispose();
    }
  } catch (error) {
    return { fault: (error as Error).message, said: [] };
  }
}
