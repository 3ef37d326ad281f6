import { onCleanup, onMount } from 'solid-js';
import { useFigure } from './figure-session.ts';

/** Asks before an action at an earlier moment. It takes the focus, and gives it back. */
export function Fork(props: { figure: string; forgets: number }) {
  const { session } = useFigure(props.figure);
  let first: HTMLButtonElement | undefined;
  onMount(() => {
    const before = document.activeElement;
    first?.focus();
    onCleanup(() => before instanceof HTMLElement && before.focus());
  });
  return (
    <div class="notice" role="alertdialog" aria-label="Start a new branch?">
      <p>
        You are looking at an earlier moment. Doing this here starts a new branch: what came later (
        {props.forgets} {props.forgets === 1 ? 'action' : 'actions'}) is put aside.
      </p>
      <div class="tool-row">
        <button
          type="button"
          class="act primary"
          ref={first}
          onClick={() => void session.answerFork(true)}
        >
          Do it here
        </button>
        <button type="button" class="act" onClick={() => void session.answerFork(false)}>
          Leave the run as it is
        </button>
      </div>
    </div>
  );
}
