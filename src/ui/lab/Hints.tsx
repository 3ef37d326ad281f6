import { createResource, createSignal, For, Show } from 'solid-js';
import type { Lab } from '../../lab/lab.ts';
import { RUN_RECORD_VERSION, type RunRecord } from '../../session/protocol.ts';
import { after, seconds } from '../../sim/instant.ts';
import { ServerText } from '../Pieces.tsx';
import { Inline } from './Inline.tsx';
import { ownSpec } from './lab-facts.ts';
import { useLab } from './lab-state.ts';
import { actionInWords } from './lab-words.ts';

/** A solution is shown until its effect can be seen. */
const SEEN_AFTER = seconds(20);

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
        {(found) => <Solutions lab={found()} />}
      </Show>
    </section>
  );
}

function Solutions(props: { lab: Lab }) {
  const { facts, show } = useLab();
  const play = (solution: Lab['solutions'][number]) => {
    const actions = solution.actions.map(({ at, action }) => ({
      at: after(facts.takenOverAt, seconds(at)),
      action,
    }));
    const until = after(actions.at(-1)?.at ?? facts.takenOverAt, SEEN_AFTER);
    const record: RunRecord = {
      version: RUN_RECORD_VERSION,
      spec: ownSpec(facts),
      actions,
      until,
    };
    show(`The solution “${solution.name}”`, solution.why, record, facts.takenOverAt);
  };
  return (
    <div class="solutions">
      <h3>{props.lab.solutions.length === 1 ? 'A solution' : 'More than one way'}</h3>
      <For each={props.lab.solutions}>
        {(solution) => (
          <article>
            <h4>{solution.name}</h4>
            <p>
              <Inline text={solution.why} />
            </p>
            <ol class="script">
              <For each={solution.actions}>
                {({ at, action }) => (
                  <li>
                    <span class="on">{at} s</span>{' '}
                    <Show
                      when={action.kind === 'sql' ? action : null}
                      fallback={<span>{actionInWords(action)}</span>}
                    >
                      {(sent) => (
                        <code>
                          {sent().node}: <ServerText text={sent().sql} />
                        </code>
                      )}
                    </Show>
                  </li>
                )}
              </For>
            </ol>
            <button type="button" class="act" onClick={() => play(solution)}>
              Play this solution<span class="visually-hidden">: {solution.name}</span>
            </button>
          </article>
        )}
      </For>
    </div>
  );
}

async function labNamed(name: string): Promise<Lab> {
  const { labs } = await import('../../../labs/labs.ts');
  const lab = labs.find((one) => one.name === name);
  if (!lab) throw new Error(`there is no lab "${name}"`);
  return lab;
}
