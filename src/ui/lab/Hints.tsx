import { createResource, createSignal, For, lazy, Show, Suspense } from 'solid-js';
import type { Lab } from '../../lab/lab.ts';
import { Inline } from './Inline.tsx';
import { useLab } from './lab-state.ts';

const Solutions = lazy(async () => ({ default: (await import('./Solutions.tsx')).Solutions }));

/** Hints, one step after the other; and, after an attempt, what others would do. */
export function Hints() {
  const { facts, desk, hints, progress } = useLab();
  const [wanted, want] = createSignal(false);
  const needed = () => (wanted() || hints() > 0 || progress().solutionShown ? facts.name : null);
  const [lab] = createResource(needed, labNamed);
  const next = () => {
    want(true);
    desk.openHint();
  };
  return (
    <section class="lab-hints" aria-label="Hints">
      <h2>Hints</h2>
      <p class="soft">
        A question first, a push at the end. How many you open is told in what you hand in, and is
        never held against you.
      </p>
      <Show when={lab.error}>
        <p role="alert">The hints could not be fetched. Reload the page, and try again.</p>
      </Show>
      <Show when={lab.state === 'ready' && lab()}>
        {(found) => (
          <ol aria-live="polite">
            <For each={found().hints.slice(0, hints())}>
              {(hint) => (
                <li>
                  <Inline text={hint} />
                </li>
              )}
            </For>
          </ol>
        )}
      </Show>
      <div class="tool-row">
        <Show when={hints() < facts.hints} fallback={<p class="soft">That was the last one.</p>}>
          <button type="button" class="act" onClick={next}>
            {hints() === 0 ? 'First hint' : 'Next hint'} ({hints() + 1} of {facts.hints})
          </button>
        </Show>
        <Show when={!progress().solutionShown}>
          <button
            type="button"
            class="act"
            disabled={progress().attempts === 0}
            onClick={() => desk.showSolution()}
          >
            Show solutions
          </button>
        </Show>
      </div>
      <Show when={!progress().solutionShown && progress().attempts === 0}>
        <p class="soft">Solutions can be shown once you have had your work checked.</p>
      </Show>
      <Show when={progress().solutionShown && lab.state === 'ready' && lab()}>
        {(found) => (
          <Suspense>
            <Solutions lab={found()} />
          </Suspense>
        )}
      </Show>
    </section>
  );
}

async function labNamed(name: string): Promise<Lab> {
  const { labs } = await import('../../../labs/labs.ts');
  const lab = labs.find((one) => one.name === name);
  if (!lab) throw new Error(`there is no lab "${name}"`);
  return lab;
}
