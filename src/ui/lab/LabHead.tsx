import { For, lazy, Show, Suspense } from 'solid-js';
import { shownNow } from '../../session/snapshot.ts';
import { useFigure } from '../figure-session.ts';
import { clockTime } from '../time-words.ts';
import { CHECK } from './Check.tsx';
import { Clients } from './Clients.tsx';
import { Inline } from './Inline.tsx';
import { useLab } from './lab-state.ts';
import { QUESTIONS, sinceTakeOver } from './lab-words.ts';

const Pager = lazy(async () => ({ default: (await import('./Pager.tsx')).Pager }));

const times = (count: number): string => ['not yet', 'once', 'twice'][count] ?? `${count} times`;

/** What is to be done, and how much time has gone by: beside the run, so that nobody has to scroll for it. */
export function LabHead() {
  const { facts, figure, progress, refusal } = useLab();
  const { session, pick } = useFigure(figure);
  const now = pick((s) => (s.view === null || s.phase === 'asleep' ? null : shownNow(s)));
  const ready = pick(
    (s) => s.phase === 'running' && s.speed === 0 && s.view?.now === facts.takenOverAt,
  );
  return (
    <header class="lab-head">
      <section class="goal" aria-label="Goal">
        <h2>Goal</h2>
        <ul>
          <For each={facts.tasks}>
            {(task) => (
              <li>
                <Inline text={task} />
              </li>
            )}
          </For>
        </ul>
      </section>
      <dl class="lab-numbers">
        <div class="lab-clock">
          <dt>Clock</dt>
          <dd>
            <Show when={now()} fallback="you take over when the lab starts">
              {(at) => (
                <>
                  <output aria-live="off">{clockTime(at())}</output>
                  <span>{sinceTakeOver(at(), facts.takenOverAt)}</span>
                </>
              )}
            </Show>
          </dd>
        </div>
        <div>
          <dt>Checked</dt>
          <dd>{times(progress().attempts)}</dd>
        </div>
        <div>
          <dt>Version</dt>
          <dd>{facts.version}</dd>
        </div>
      </dl>
      <Show when={now() !== null && facts.pages.length > 0}>
        <Suspense>
          <Pager />
        </Suspense>
      </Show>
      <Show when={now() !== null}>
        <div class="lab-clients">
          <Clients figure={figure} />
          <p class="lab-jumps">
            <Show when={facts.questions.length > 0}>
              <a href={`#${QUESTIONS}`}>To your answers</a>
            </Show>
            <a href={`#${CHECK}`}>To “Check my work”</a>
          </p>
        </div>
      </Show>
      <Show when={ready()}>
        <div class="take-over" role="status">
          <p>
            You take over now, at {clockTime(facts.takenOverAt)}. The clock stands still until you
            let it run: look around first.
          </p>
          <button type="button" class="act primary" onClick={() => session.play(1)}>
            Let time run
          </button>
        </div>
      </Show>
      <Show when={refusal()}>
        {(why) => (
          <p class="lab-refusal" role="status">
            Verdicts and hints are not kept on this device: {why()}. Hand in before you leave the
            page.
          </p>
        )}
      </Show>
    </header>
  );
}
