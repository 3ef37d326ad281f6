import { For, lazy, Match, Show, Suspense, Switch } from 'solid-js';
import { isWorkOf } from '../../session/lab-progress.ts';
import { isLab } from '../../session/run-spec.ts';
import { useFigure } from '../figure-session.ts';
import { clockTime } from '../time-words.ts';
import { useLab } from './lab-state.ts';
import { actions, seedInWords, verdictInWords } from './lab-words.ts';

const VerdictList = lazy(async () => ({
  default: (await import('./VerdictList.tsx')).VerdictList,
}));

/** The place in the page. */
export const CHECK = 'check-my-work';

/** "Check my work": has it graded, tells how far that has come, and what is said of each check. */
export function Check() {
  const { facts, figure, desk, grading, progress, checkedHere, giving } = useLab();
  const { snapshot, pick } = useFigure(figure);
  const record = pick((s) => (s.phase === 'asleep' ? null : s.record));
  const running = () => grading().phase === 'running';
  const unseen = facts.seeds.length - 1;
  const check = () => {
    const { record: work } = snapshot();
    if (work) desk.check(work, facts.seeds);
  };
  const stale = () => {
    const checked = checkedHere();
    const run = record();
    return checked !== null && run !== null && !isWorkOf(checked, run);
  };
  return (
    <section class="lab-check" id={CHECK} aria-label="Check my work">
      <header>
        <div>
          <h2>Check my work</h2>
          <p class="soft">
            {facts.replays === 'answers'
              ? 'The answers that you gave last are tried'
              : 'All that you have done is done again at the same instants,'}{' '}
            on {facts.seeds.length} seeds: yours, and {unseen} that you have not seen. Your run goes
            on meanwhile. Check as often as you like.
          </p>
        </div>
        <div class="tool-row">
          <Show
            when={running()}
            fallback={
              <button
                type="button"
                class="act primary"
                disabled={!record() || giving()}
                onClick={check}
              >
                {progress().attempts > 0 ? 'Check again' : 'Check my work'}
              </button>
            }
          >
            <button type="button" class="act" onClick={() => desk.grading.cancel()}>
              Cancel
            </button>
          </Show>
        </div>
      </header>
      <Show when={!record()}>
        <p class="soft">Start the lab first: there is nothing yet that could be checked.</p>
      </Show>
      <Switch>
        <Match when={grading().phase === 'running' || grading().phase === 'failed'}>
          <Progress />
        </Match>
        <Match when={grading().phase === 'cancelled'}>
          <p class="soft">Cancelled: nothing was judged.</p>
        </Match>
      </Switch>
      <p class="visually-hidden" role="status">
        {announcement()}
      </p>
      <Show when={!running() && olderVersion()}>
        {(version) => (
          <p>
            Your work was last checked in version {version()} of this lab, which is version{' '}
            {facts.version} now. It is kept: under “Earlier work”, and can be exported there.
          </p>
        )}
      </Show>
      <Show when={!running() && checkedHere()} keyed>
        {(checked) => (
          <div class="verdict-panel" data-stale={stale()}>
            <h3>{verdictInWords(checked.verdicts)}</h3>
            <p class="soft">
              {actions(checked.record.actions.length)}, up to {clockTime(checked.record.until)}.
              <Show when={stale()}>
                {' '}
                <strong>Your run has changed since:</strong> check again to know what holds now.
              </Show>
            </p>
            <Suspense>
              <VerdictList checked={checked} />
            </Suspense>
          </div>
        )}
      </Show>
    </section>
  );

  function olderVersion(): number | null {
    const { checked } = progress();
    if (!checked || checkedHere() || !isLab(checked.record.spec)) return null;
    return checked.record.spec.version;
  }

  function announcement(): string {
    const { phase, seeds, checked } = grading();
    const done = seeds.filter(({ state }) => state.kind === 'graded').length;
    if (phase === 'running') return `${done} of ${seeds.length} seeds graded.`;
    if (phase === 'failed') return 'Some seeds could not be graded.';
    return phase === 'done' && checked ? verdictInWords(checked.verdicts) : '';
  }
}

function Progress() {
  const { facts, desk, grading } = useLab();
  return (
    <div class="grading">
      <ol>
        <For each={facts.seeds}>
          {(seed) => {
            const state = () => grading().seeds.find((one) => one.seed === seed)?.state;
            const words = () => {
              const is = state();
              return is ? seedInWords(is) : '';
            };
            return (
              <li data-state={state()?.kind}>
                <span class="seed-mark" aria-hidden="true" />
                <span>
                  <strong>{seed === facts.seeds[0] ? `Your seed, ${seed}` : `Seed ${seed}`}</strong>{' '}
                  {words()}
                </span>
              </li>
            );
          }}
        </For>
      </ol>
      <Show when={grading().phase === 'failed'}>
        <div class="failure" role="alert">
          <p>
            There is no verdict: not every seed could be graded. Your run is as it was. Close other
            tabs if this device is short of memory, and try again.
          </p>
          <button type="button" class="act primary" onClick={() => desk.grading.retry()}>
            Try those again
          </button>
        </div>
      </Show>
    </div>
  );
}
