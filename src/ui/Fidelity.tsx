import './step.css';
import type { JSX } from 'solid-js';

const MEANING = {
  real: 'PostgreSQL 18 itself does this here',
  modelled: 'our simulator does this, after the source and documentation',
  simplified: 'our simulator does less here than the real one',
  told: 'nothing on this page does this; it is told after the documentation',
} as const;

/** Says of what a page shows whether PostgreSQL did it, the simulator, or nobody here, and whose word it follows. */
export default function Fidelity(props: {
  kind: keyof typeof MEANING;
  /** The documentation that the behaviour follows. */
  follows: string;
  /** Whose documentation it is; PostgreSQL’s unless it says so. */
  whose?: string;
  children?: JSX.Element;
}) {
  return (
    <div class="fidelity" data-kind={props.kind}>
      <strong title={MEANING[props.kind]}>{props.kind}</strong> {props.children}{' '}
      <a href={props.follows}>{props.whose ?? 'PostgreSQL’s'} word on it</a>
    </div>
  );
}
