import { createEffect, createSignal, For, Show } from 'solid-js';
import { inThePast, type Snapshot, shownNow } from '../../session/snapshot.ts';
import { START } from '../../sim/instant.ts';
import { useBench } from '../bench-state.ts';
import { clockTime } from '../time-words.ts';
import { TimeLine } from './TimeLine.tsx';
import { stepBefore } from './time-ticks.ts';
import './time.css';

const SPEEDS = [
  { speed: 0.0005, label: '1/2000, slow motion' },
  { speed: 0.01, label: '1/100' },
  { speed: 0.1, label: '1/10' },
  { speed: 1, label: 'as on the wall' },
  { speed: 10, label: '10 ×' },
] as const;

/** Virtual time: what it is, how fast it runs, and the way back to any earlier moment. */
export function TimeBar() {
  const { session, snapshot, pick } = useBench();
  const now = pick(shownNow);
  const past = pick(inThePast);
  const playing = pick((s) => s.speed > 0);
  const actions = pick((s) => s.record?.actions.length ?? 0);
  const shownOnly = pick(isShownOnly);
  const before = pick((s) => stepBefore(s.events, shownNow(s)));
  const [speed, setSpeed] = createSignal(1);
  const pace = pick((s) => s.speed);
  // The prose sets it too.
  createEffect(() => {
    if (pace() > 0) setSpeed(pace());
  });
  const chooseSpeed = (value: number) => {
    setSpeed(value);
    if (playing()) session.play(value);
  };
  return (
    <section class="time-bar" aria-label="Virtual time">
      <p class="now">
        <span class="eyebrow">virtual time</span>
        <output>{clockTime(now())}</output>
      </p>
      <div class="tool-row">
        <button
          type="button"
          class="act step-back"
          disabled={before() === null}
          onClick={() => session.look(before())}
        >
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <path d="M2 1v10M11 1 4 6l7 5z" />
          </svg>
          <span class="visually-hidden">Event before</span>
        </button>
        <button
          type="button"
          class="act play"
          aria-pressed={playing()}
          onClick={() => session.play(playing() ? 0 : speed())}
        >
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <path d={playing() ? 'M2 1h3v10H2zM7 1h3v10H7z' : 'M2 1l9 5-9 5z'} />
          </svg>
          {playing() ? 'Pause' : 'Play'}
        </button>
        <button
          type="button"
          class="act"
          onClick={() => {
            session.play(0);
            session.advance('next event');
          }}
        >
          Next event
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <path d="M10 1v10M1 1l7 5-7 5z" />
          </svg>
        </button>
        <label class="speed">
          <span>speed</span>
          <select onChange={(event) => chooseSpeed(Number(event.currentTarget.value))}>
            <For each={SPEEDS}>
              {(choice) => (
                <option value={choice.speed} selected={choice.speed === speed()}>
                  {choice.label}
                </option>
              )}
            </For>
          </select>
        </label>
        <button
          type="button"
          class="act"
          disabled={actions() === 0 || past() || shownOnly()}
          onClick={() => void session.undo()}
        >
          Undo <span class="visually-hidden">the last action</span>
        </button>
        <button
          type="button"
          class="act"
          disabled={shownOnly()}
          onClick={() => void session.startAnew()}
        >
          Reset
        </button>
      </div>
      <TimeLine />
      <Show when={past()}>
        <Past />
      </Show>
      <Show when={snapshot().putAside}>
        {(run) => (
          <p class="past">
            The run before this one ({run().actions.length} actions) is kept on this device.
            <button type="button" class="act" onClick={() => void session.exchange.bringBack()}>
              Bring it back
            </button>
          </p>
        )}
      </Show>
    </section>
  );
}

/** A recording or an exhibit: nothing can be done to it. */
const isShownOnly = ({ phase, exhibit }: Snapshot): boolean =>
  phase === 'recorded' || exhibit !== null;

/** Where one is, and the ways out of there. */
function Past() {
  const { session, pick } = useBench();
  const now = pick(shownNow);
  const looks = pick((s) => s.lookingAt !== null);
  const shownOnly = pick(isShownOnly);
  const end = pick((s) => (s.lookingAt === null ? s.record?.until : s.view?.now) ?? START);
  const goBack = () => {
    if (looks()) session.look(null);
    else void session.jump(end());
  };
  return (
    <div class="past">
      <p role="status">
        You are at {clockTime(now())} of {clockTime(end())}. The rest of the run is kept.
      </p>
      <div class="tool-row">
        <button type="button" class="act" onClick={goBack}>
          Return to {clockTime(end())}
        </button>
        <Show when={looks() && !shownOnly()}>
          <button type="button" class="act" onClick={() => void session.jump(now())}>
            Go on from here
          </button>
        </Show>
      </div>
    </div>
  );
}
