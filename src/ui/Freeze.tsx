import type { FreezableProcess } from '../postgres/replication-port.ts';
import { shownView } from '../session/snapshot.ts';
import { useFigure } from './figure-session.ts';
import { nodeOf } from './node-of.ts';

/** Stops a standby's process where it is, and lets it go on: a switch, so that its state can be read off it. */
export function Freeze(props: { figure: string; node: string; process: FreezableProcess }) {
  const { session, pick } = useFigure(props.figure);
  const frozen = pick(
    (s) => nodeOf(shownView(s), props.node)?.frozen.includes(props.process) ?? false,
  );
  const toggle = () =>
    void session.act({
      kind: frozen() ? 'thaw' : 'freeze',
      node: props.node,
      process: props.process,
    });
  return (
    <button type="button" class="act freeze" aria-pressed={frozen()} onClick={toggle}>
      {frozen() ? 'Thaw' : 'Freeze'} {props.node}’s {props.process}
    </button>
  );
}
