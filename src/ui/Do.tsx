import { createSignal, For, type JSX, lazy, onMount, Show, Suspense } from 'solid-js';
import { shownView } from '../session/snapshot.ts';
import { ActionButton } from './ActionButton.tsx';
import { Freeze } from './Freeze.tsx';
import { useFigure } from './figure-session.ts';
import { nodeOf } from './node-of.ts';
import type { BackupDeed } from './restore/BackupDeed.tsx';
import { Cable, Cut, Pace, Power, SlowDisk } from './Switches.tsx';
import './step.css';
import './figure.css';
import './gauge.css';

// One chapter has such a switch.
const ClientSwitch = lazy(async () => ({
  default: (await import('./ClientSwitch.tsx')).ClientSwitch,
}));
const BackupDeedButton = lazy(() => import('./restore/BackupDeed.tsx'));
const Positions = lazy(async () => ({ default: (await import('./Positions.tsx')).Positions }));

type Deed =
  | { readonly kind: 'freeze'; readonly node: string; readonly process: 'walreceiver' | 'startup' }
  | { readonly kind: 'cancel'; readonly node: string; readonly session: string }
  | { readonly kind: 'power'; readonly node: string }
  | { readonly kind: 'machine'; readonly node: string }
  | { readonly kind: 'cut'; readonly a: string; readonly b: string }
  | { readonly kind: 'cable'; readonly a: string; readonly b: string; readonly delayMs: number }
  | { readonly kind: 'disk'; readonly node: string; readonly fsyncMs: number }
  | { readonly kind: 'clients'; readonly population: string }
  | { readonly kind: 'baseBackup'; readonly node: string; readonly upstream: string }
  | BackupDeed
  | { readonly kind: 'clock'; readonly speed: number };

/** What is done to the cluster from the prose, with the positions that are worth watching meanwhile. */
export default function Do(props: {
  figure: string;
  deed?: Deed;
  /** Several, in the order in which the prose asks for them. */
  deeds?: readonly Deed[];
  watch?: string;
}) {
  const deeds = () => props.deeds ?? (props.deed ? [props.deed] : []);
  return (
    <div class="step do" data-figure={props.figure}>
      <Show when={deeds().length > 0}>
        <div class="tool-row">
          <For each={deeds()}>{(deed) => buttonFor(props.figure, deed)}</For>
        </div>
      </Show>
      <Show when={props.watch}>{(node) => <Watched figure={props.figure} node={node()} />}</Show>
    </div>
  );
}

/** A node's positions, once there are any. */
function Watched(props: { figure: string; node: string }) {
  const { pick } = useFigure(props.figure);
  const there = pick((s) => nodeOf(shownView(s), props.node) !== null);
  return (
    <Show
      when={there()}
      fallback={
        <p class="asleep">The positions of {props.node} show here once the cluster runs.</p>
      }
    >
      <Suspense>
        <Positions figure={props.figure} node={props.node} />
      </Suspense>
    </Show>
  );
}

/** Only once the page is alive: what the server would wait for, it writes with inline scripts. */
function Alive(props: { children: JSX.Element }) {
  const [alive, setAlive] = createSignal(false);
  onMount(() => setAlive(true));
  return (
    <Show when={alive()}>
      <Suspense>{props.children}</Suspense>
    </Show>
  );
}

function buttonFor(figure: string, deed: Deed) {
  switch (deed.kind) {
    case 'freeze':
      return <Freeze figure={figure} node={deed.node} process={deed.process} />;
    case 'cancel':
      return (
        <ActionButton figure={figure} action={deed}>
          Ctrl-C in {deed.node}, session {deed.session}
        </ActionButton>
      );
    case 'power':
      return <Power figure={figure} node={deed.node} how="kill" />;
    case 'machine':
      return <Power figure={figure} node={deed.node} how="powerOff" />;
    case 'cut':
      return <Cut figure={figure} a={deed.a} b={deed.b} />;
    case 'cable':
      return <Cable figure={figure} a={deed.a} b={deed.b} delayMs={deed.delayMs} />;
    case 'baseBackup':
      return (
        <ActionButton figure={figure} action={deed}>
          New base backup of {deed.node}
        </ActionButton>
      );
    case 'clients':
      return (
        <Alive>
          <ClientSwitch figure={figure} population={deed.population} />
        </Alive>
      );
    case 'clock':
      return <Pace figure={figure} speed={deed.speed} />;
    case 'disk':
      return <SlowDisk figure={figure} node={deed.node} fsyncMs={deed.fsyncMs} />;
    default:
      return (
        <Alive>
          <BackupDeedButton figure={figure} deed={deed} />
        </Alive>
      );
  }
}
