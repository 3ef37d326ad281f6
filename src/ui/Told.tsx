import { useFigure } from './figure-session.ts';

/** A statement that no cancel reaches, and what ends it. */
export function Busy(props: { figure: string }) {
  const { session } = useFigure(props.figure);
  return (
    <div class="notice busy">
      <p>
        A statement keeps PostgreSQL busy and will not hear a cancel. Stop ends it and restores the
        run to just before it.
      </p>
      <button type="button" class="act primary" onClick={() => void session.stop()}>
        Stop
      </button>
    </div>
  );
}

/** What the page has to say in a sentence or two. */
export function Words(props: { figure: string; words: string }) {
  const { session } = useFigure(props.figure);
  return (
    <div class="notice">
      <p>{props.words}</p>
      <button type="button" class="act" onClick={() => session.dismissNotice()}>
        Close
      </button>
    </div>
  );
}
