import { createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import type { Instant } from '../../../sim/instant.ts';
import { type FailingSchedule, withoutWatchdogIn } from '../../../soak/failing-schedule.ts';
import { faultInWords, secondOf } from '../../../soak/fault-words.ts';
import type { Befallen } from '../../../soak/scheduled-run.ts';
import { Lanes } from '../../governor/Lanes.tsx';
import { PatroniLog } from '../../governor/PatroniLog.tsx';
import { NodesAt } from './NodesAt.tsx';
import { openSchedule } from './open-schedule.ts';
import '../../governor/governor.css';
import './schedule.css';

const STEP = 100_000;
/** Played, a second of the page is ten of the cluster. */
const PLAYED = 10_000;

/** A schedule played again: what befell whom, and the cluster at any of its moments. It opens where the promise is broken. */
export function ScheduleReplay(props: { schedule: FailingSchedule }) {
  const open = createMemo(() => openSchedule(props.schedule));
  const [at, setAt] = createSignal<number>(props.schedule.at);
  const shown = createMemo(() => open().look(at() as Instant));
  const clock = playing((lengthUs) => setAt((before) => Math.min(open().end, before + lengthUs)));
  const go = (to: number) => {
    clock.stand();
    setAt(Math.max(0, Math.min(open().end, to)));
  };
  const toggle = () => {
    if (at() >= open().end) setAt(0);
    clock.toggle();
  };
  const { kept, of, number, invariant } = props.schedule;
  const told = () =>
    [
      ...open().befallen.map((one) => ({ at: one.at, words: wordsOf(one), breaks: false })),
      { at: props.schedule.at, words: BROKEN[invariant], breaks: true },
    ].sort((one, other) => one.at - other.at);
  return (
    <div class="schedule-replay">
      <section aria-label="What befalls the cluster">
        <h3>What befalls the cluster</h3>
        <p class="soft">
          Seed {number}.{' '}
          {kept.length < of
            ? `${of - kept.length} of its ${of} troubles are left out: it breaks without them.`
            : 'Leave any of it out, and it holds.'}
        </p>
        <ol class="befallen">
          <Show when={withoutWatchdogIn(props.schedule)}>
            {(node) => <li>From the start {node()} has no watchdog device.</li>}
          </Show>
          <Show when={open().befallen.length === 0}>
            <li>Nothing has to happen: it breaks by itself.</li>
          </Show>
          <For each={told()}>
            {(one) => (
              <li data-breaks={one.breaks}>
                <button type="button" class="moment" onClick={() => go(one.at)}>
                  {secondOf(one.at)}
                </button>{' '}
                {one.words}
              </li>
            )}
          </For>
        </ol>
      </section>
      <Lanes snapshot={open().whole} done={open().befallen} cursor={at()} />
      <div class="scrub">
        <button type="button" class="act" onClick={toggle}>
          {clock.runs() && at() < open().end ? 'Stand' : 'Play, ten times as fast'}
        </button>
        <input
          type="range"
          min="0"
          max={open().end}
          step={STEP}
          value={at()}
          aria-label="Moment of the schedule"
          aria-valuetext={`${secondOf(at())} of ${secondOf(open().end)}`}
          onInput={({ currentTarget }) => go(Number(currentTarget.value))}
        />
        <output>{secondOf(at())}</output>
      </div>
      <NodesAt snapshot={shown()} />
      <details class="tools">
        <summary>Patroni’s log up to here</summary>
        <PatroniLog snapshot={shown} />
      </details>
      <Show when={props.schedule.tried.kind === 'governor' && props.schedule.tried}>
        {(tried) => (
          <details class="tools">
            <summary>The patroni.yml that was tried</summary>
            <pre tabindex="0">
              <code>{tried().yml}</code>
            </pre>
          </details>
        )}
      </Show>
    </div>
  );
}

const BROKEN = {
  'one primary': 'Two nodes take writes from here on.',
  'nothing lost': 'The first write that is gone in the end is acknowledged here.',
  'forks at promotions': 'A timeline forks, and nobody was promoted.',
  'a leader again': 'By now a write should have been acknowledged again.',
} as const;

const wordsOf = ({ action, byScript }: Befallen): string =>
  byScript && 'node' in action
    ? `A script has ${action.node} stopped.`
    : `${sentence(faultInWords(action))}.`;

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** A clock that goes with the frames of the page, while it runs. */
function playing(tick: (lengthUs: number) => void) {
  const [runs, setRuns] = createSignal(false);
  let before = 0;
  const frame = (nowMs: number) => {
    if (!runs()) return;
    tick(Math.min(nowMs - before, 100) * PLAYED);
    before = nowMs;
    requestAnimationFrame(frame);
  };
  const stand = () => setRuns(false);
  onCleanup(stand);
  return {
    runs,
    stand,
    toggle: () => {
      setRuns(!runs());
      if (!runs()) return;
      before = performance.now();
      requestAnimationFrame(frame);
    },
  };
}
