import { Match, Show, Switch } from 'solid-js';
import { useFigure } from './figure-session.ts';
import { RunFile } from './RunFile.tsx';

/** Why there is no cluster, and what a reader can do about it; also beside a recording that is shown in its place. */
export function Failure(props: { figure: string }) {
  const { session, snapshot, pick } = useFigure(props.figure);
  const untried = pick((s) => s.untried);
  return (
    <Switch>
      <Match when={snapshot().phase === 'failed'}>
        <div class="failure">
          <div role="alert">
            <Show when={untried()}>
              <p>
                <strong>The cluster has not been started: it would hardly run here.</strong>
              </p>
            </Show>
            <p>{snapshot().failure}</p>
          </div>
          <Show when={session.hasRecording}>
            <p>
              What this figure is about can be looked at all the same: a run was recorded, from the
              first statement to the last.
            </p>
          </Show>
          <div class="tool-row">
            <Show when={session.hasRecording}>
              <button
                type="button"
                class="act"
                classList={{ primary: untried() }}
                onClick={() => void session.showRecording()}
              >
                Look at the recorded run
              </button>
            </Show>
            <button
              type="button"
              class="act"
              classList={{ primary: !untried() || !session.hasRecording }}
              onClick={() => void session.start(untried())}
            >
              {untried() ? 'Try it anyway' : 'Try again'}
            </button>
            <Show when={!untried()}>
              <button type="button" class="act" onClick={() => void session.startAnew()}>
                Start anew
              </button>
            </Show>
          </div>
          <Show when={!untried()}>
            <RunFile figure={props.figure} />
          </Show>
        </div>
      </Match>
      <Match when={snapshot().phase === 'recorded'}>
        <div class="recorded">
          <p role="status">
            <strong>A recorded run, not a running cluster.</strong> Play it, step through it or drag
            the time line: the picture and the terminals show what was there at each moment.
          </p>
          <Show when={snapshot().failure}>
            {(reason) => (
              <details class="tools">
                <summary>Why the cluster does not run here</summary>
                <p>{reason()}</p>
                <button type="button" class="act" onClick={() => void session.start(true)}>
                  Try it anyway
                </button>
              </details>
            )}
          </Show>
        </div>
      </Match>
    </Switch>
  );
}
