import { createSignal, For, Show } from 'solid-js';
import { inThePast } from '../session/snapshot.ts';
import { type Instant, instant, START } from '../sim/instant.ts';
import { useFigure } from './figure-session.ts';
import { clockTime } from './time-words.ts';

const SPEEDS = [
  { speed: 0.0005, label: '1/2000, slow motion' },
  { speed: 0.01, label: '1/100' },
  { speed: 0.1, label: '1/10' },
  { speed: 1, label: 'as on the wall' },
  { speed: 10, label: '10 ×' },
] as const;

/** Virtual time: what it is, how fast it runs, and the way back to any earlier moment. */
export function Clock(props: { figure: string }) {
  const { session, snapshot, pick } = useFigure(props.figure);
  const now = () => snapshot().view?.now ?? START;
  const end = pick((s) => s.record?.until ?? START);
  const past = pick(inThePast);
  const playing = pick((s) => s.speed > 0);
  const actions = pick((s) => s.record?.actions.length ?? 0);
  const [speed, setSpeed] = createSignal(1);
  const [dragged, setDragged] = createSignal<Instant | null>(null);
  const chooseSpeed = (value: number) => {
    setSpeed(value);
    if (playing()) session.play(value);
  };
  const jump = (to: Instant) => {
    setDragged(null);
    void session.jump(to);
  };
  return (
    <section class="clock" aria-label="Virtual time">
      <p class="now">
        <span class="eyebrow">virtual time</span>
        <output>{clockTime(dragged() ?? now())}</output>
        <Show when={past()}>
          <span class="of">of {clockTime(end())}</span>
        </Show>
      </p>
      <div class="tool-row">
        <button
          type="button"
          class="act play"
          aria-pressed={playing()}
          onClick={() => session.play(playing() ? 0 : speed())}
        >
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
          disabled={actions() === 0 || past()}
          onClick={() => void session.undo()}
        >
          Undo <span class="visually-hidden">the last action</span>
        </button>
        <button type="button" class="act" onClick={() => void session.startAnew()}>
          Reset
        </button>
      </div>
      <label class="jump">
        <span>go back to</span>
        <input
          type="range"
          min="0"
          max={end()}
          step="1000"
          value={dragged() ?? now()}
          aria-valuetext={clockTime(dragged() ?? now())}
          onInput={(event) => setDragged(instant(Number(event.currentTarget.value)))}
          onChange={(event) => jump(instant(Number(event.currentTarget.value)))}
        />
      </label>
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
      <Show when={past()}>
        <p class="past" role="status">
          You are at {clockTime(now())} of {clockTime(end())}. The rest of the run is kept.{' '}
          <button type="button" class="act" onClick={() => jump(end())}>
            Return to {clockTime(end())}
          </button>
        </p>
      </Show>
    </section>
  );
}
