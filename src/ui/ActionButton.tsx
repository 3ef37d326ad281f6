import type { JSX } from 'solid-js';
import type { Action } from '../cluster/action.ts';
import { useFigure } from './figure-session.ts';

/** A button that does one thing to the cluster; it starts the cluster if nobody has. */
export function ActionButton(props: {
  figure: string;
  action: Action;
  disabled?: boolean;
  children: JSX.Element;
}) {
  const { session } = useFigure(props.figure);
  return (
    <button
      type="button"
      class="act"
      disabled={props.disabled ?? false}
      onClick={() => void session.act(props.action)}
    >
      {props.children}
    </button>
  );
}
