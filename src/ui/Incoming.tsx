import { onCleanup, onMount, Show } from 'solid-js';
import { glanceAt, runFileText } from '../session/run-file.ts';
import { goesOnFrom } from '../session/run-record.ts';
import { useFigure } from './figure-session.ts';
import { actionsInWords, clockTime } from './time-words.ts';

/** Before a run from a file is opened: what is in it, and what becomes of the present one. It takes the focus. */
export function Incoming(props: { figure: string }) {
  const { session, snapshot } = useFigure(props.figure);
  let first: HTMLButtonElement | undefined;
  onMount(() => {
    const before = document.activeElement;
    first?.focus();
    onCleanup(() => before instanceof HTMLElement && before.focus());
  });
  const answer = (open: boolean) => void session.exchange.answer(open);
  return (
    <Show when={snapshot().incoming}>
      {(run) => (
        <div class="notice" role="alertdialog" aria-label="Open the run of this file?">
          <p>
            In the file: {actionsInWords(run().record.actions.length)}, up to{' '}
            {clockTime(run().record.until)}.
            <Show when={otherCluster()}> It starts from another cluster than this page does.</Show>{' '}
            {becomes()}
          </p>
          <div class="tool-row">
            <button type="button" class="act primary" ref={first} onClick={() => answer(true)}>
              Open it
            </button>
            <button type="button" class="act" onClick={() => answer(false)}>
              Leave the run as it is
            </button>
          </div>
        </div>
      )}
    </Show>
  );

  function otherCluster(): boolean {
    const { incoming, spec } = snapshot();
    if (!incoming || !spec) return false;
    return glanceAt(runFileText(incoming.record, null), spec).otherCluster;
  }

  function becomes(): string {
    const { record, saved } = snapshot();
    const incoming = snapshot().incoming?.record;
    const present = saved?.actions ?? record?.actions.length ?? 0;
    if (!incoming || present === 0) return 'There is no run here that it would replace.';
    const mine = record && record.actions.length > 0 ? record : null;
    if (mine && goesOnFrom(incoming, mine) && goesOnFrom(mine, incoming))
      return 'The run that is open has the same actions.';
    if (mine && goesOnFrom(incoming, mine))
      return `It goes on from the run that is open, which has ${actionsInWords(present)}.`;
    return `The run that is open (${actionsInWords(present)}) is put aside, under “Earlier work”.`;
  }
}
