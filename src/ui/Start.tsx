import { Show } from 'solid-js';
import type { RunAtMoment } from '../session/snapshot.ts';
import { useFigure } from './figure-session.ts';
import { actionsInWords, clockTime, megabytes } from './time-words.ts';

/** Before the cluster runs: what it would start with, and what that costs to fetch. */
export function Start(props: { figure: string; download: number }) {
  const { session, snapshot } = useFigure(props.figure);
  const saved = () => snapshot().saved;
  return (
    <div class="start">
      <Show when={snapshot().shared} fallback={<Own figure={props.figure} />}>
        {(shared) => (
          <>
            <p>
              <strong>A shared run:</strong> {sharedInWords(shared())}{' '}
              {saved()
                ? `Your own run (${actionsInWords(saved()?.actions ?? 0)}) is left as it is.`
                : ''}
            </p>
            <div class="tool-row">
              <button type="button" class="act primary" onClick={() => void session.start()}>
                Open the shared run
              </button>
              <button type="button" class="act" onClick={() => void session.exchange.leaveShared()}>
                {saved() ? 'Go on with my own run' : 'Start the cluster without it'}
              </button>
            </div>
          </>
        )}
      </Show>
      <p class="size">
        Fetches {megabytes(props.download)} MB once: PostgreSQL 18 itself, as WebAssembly. Nothing
        is sent anywhere.
      </p>
      <noscript>
        <p>The cluster needs JavaScript. The text does not.</p>
      </noscript>
    </div>
  );
}

/** A cluster without any run, or the reader's own run of last time. */
function Own(props: { figure: string }) {
  const { session, snapshot } = useFigure(props.figure);
  return (
    <Show
      when={snapshot().saved}
      fallback={
        <button type="button" class="act primary" onClick={() => void session.start()}>
          Start the cluster
        </button>
      }
    >
      {(saved) => (
        <>
          <p>
            Your run of last time is kept on this device: {actionsInWords(saved().actions)},{' '}
            {clockTime(saved().until)}.
            <Show when={saved().otherCluster}>
              {' '}
              This page’s cluster has changed since; the run goes on with the old one.
            </Show>
          </p>
          <div class="tool-row">
            <button type="button" class="act primary" onClick={() => void session.start()}>
              Go on with it
            </button>
            <button type="button" class="act" onClick={() => void session.startAnew()}>
              Start anew
            </button>
          </div>
        </>
      )}
    </Show>
  );
}

const sharedInWords = ({ record, at }: RunAtMoment): string =>
  `${actionsInWords(record.actions.length)}, ${clockTime(record.until)} long. It opens at ${clockTime(at)}.`;
