import { Show } from 'solid-js';
import { useFigure } from './figure-session.ts';

/** What the page has to say about the run: a statement that hangs the worker, a question, a refusal. */
export function Notices(props: { figure: string }) {
  const { session, snapshot, pick } = useFigure(props.figure);
  const busy = pick((s) => s.busy);
  return (
    <div class="notices">
      <div aria-live="assertive">
        <Show when={busy()}>
          <div class="notice busy">
            <p>
              A statement keeps PostgreSQL busy and will not hear a cancel. Stop ends it and
              restores the run to just before it.
            </p>
            <button type="button" class="act primary" onClick={() => void session.stop()}>
              Stop
            </button>
          </div>
        </Show>
      </div>
      <Show when={snapshot().fork}>
        {(fork) => (
          <div class="notice" role="alertdialog" aria-label="Change the past?">
            <p>
              You are looking at an earlier moment. Doing this here starts a new branch: what came
              later ({fork().forgets} {fork().forgets === 1 ? 'action' : 'actions'}) is forgotten.
            </p>
            <div class="tool-row">
              <button
                type="button"
                class="act primary"
                onClick={() => void session.answerFork(true)}
              >
                Do it here
              </button>
              <button type="button" class="act" onClick={() => void session.answerFork(false)}>
                Leave the run as it is
              </button>
            </div>
          </div>
        )}
      </Show>
      <Show when={snapshot().putAside}>
        {(run) => (
          <div class="notice">
            <p>
              The run you had before ({run().actions.length} actions) is kept until you leave the
              page.
            </p>
            <button type="button" class="act" onClick={() => void session.bringBack()}>
              Bring it back
            </button>
          </div>
        )}
      </Show>
      <div aria-live="polite">
        <Show when={snapshot().notice}>{(words) => <p class="notice">{words()}</p>}</Show>
      </div>
    </div>
  );
}
