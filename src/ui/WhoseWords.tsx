import { Show } from 'solid-js';
import { exportRun } from './download.ts';
import { useFigure } from './figure-session.ts';

/** Why the open run is not saved, and what can be done about it. */
export function WhoseWords(props: { figure: string }) {
  const { session, snapshot } = useFigure(props.figure);
  const opened = () => snapshot().shared !== null && snapshot().view !== null;
  return (
    <>
      <Show when={opened()}>
        <p>
          <strong>A shared run.</strong> Nothing of it is saved, and your own run is as it was. With
          the first thing that you do here this run becomes yours, and your own goes to “Earlier
          work”.
        </p>
        <div class="tool-row">
          <button type="button" class="act" onClick={() => void session.exchange.leaveShared()}>
            Back to my own run
          </button>
          <button type="button" class="act" onClick={() => void session.exchange.keepShared()}>
            Keep it as mine
          </button>
        </div>
      </Show>
      <Show when={snapshot().elsewhere}>
        <p>
          <strong>Open in another tab.</strong> That tab saves the run. This one works on a copy,
          and what you do here is not saved.
        </p>
        <button type="button" class="act" onClick={() => void session.exchange.takeOver()}>
          Take over here
        </button>
      </Show>
      <Show when={snapshot().unsaved}>
        {(why) => (
          <>
            <p>
              <strong>Not saved:</strong> {why()}. The run goes on, and lasts until you leave the
              page. A file keeps it.
            </p>
            <button type="button" class="act" onClick={() => void exportRun(session, props.figure)}>
              Export it now
            </button>
          </>
        )}
      </Show>
    </>
  );
}
