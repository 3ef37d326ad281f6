import { Show } from 'solid-js';
import { unwrap } from 'solid-js/store';
import { ActionButton } from './ActionButton.tsx';
import { Freeze } from './Freeze.tsx';
import { Positions } from './Positions.tsx';
import './step.css';
import './figure.css';

type Deed =
  | { readonly kind: 'freeze'; readonly node: string; readonly process: 'walreceiver' | 'startup' }
  | { readonly kind: 'cancel'; readonly node: string; readonly session: string };

/** Something done to the cluster from the prose, with the positions that are worth watching meanwhile. */
export default function Do(props: { figure: string; deed?: Deed; watch?: string }) {
  return (
    <div class="step do">
      <Show when={props.deed}>
        {(deed) => {
          const what = unwrap(deed());
          return what.kind === 'freeze' ? (
            <Freeze figure={props.figure} node={what.node} process={what.process} />
          ) : (
            <ActionButton figure={props.figure} action={what}>
              Ctrl-C in {what.node}, session {what.session}
            </ActionButton>
          );
        }}
      </Show>
      <Show when={props.watch}>{(node) => <Positions figure={props.figure} node={node()} />}</Show>
    </div>
  );
}
