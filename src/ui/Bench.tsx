import { createMemo, createUniqueId, lazy, Show, Suspense } from 'solid-js';
import { sessionOf } from '../session/page-sessions.ts';
import { BenchContext, createBenchState } from './bench-state.ts';
import { Ask } from './panels/Ask.tsx';
import { EventLog } from './panels/EventLog.tsx';
import { type PanelSpec, Panels } from './panels/Panels.tsx';
import { RunFile } from './RunFile.tsx';
import { Inspector } from './stage/Inspector.tsx';
import { Stage } from './stage/Stage.tsx';
import { Terminals } from './Terminals.tsx';
import { TimeBar } from './time/TimeBar.tsx';
import { useWidth } from './use-width.ts';
import './bench.css';
import './panels/panels.css';
import './stage/stage.css';

export interface TerminalOf {
  readonly node: string;
  readonly session: string;
}

/** `inline`: in the column of a chapter. `full`: a page of its own, with the terminals beside the drawing. */
export type BenchLayout = 'inline' | 'full';

const SpaceTime = lazy(() => import('./space-time/SpaceTime.tsx'));
const Curves = lazy(() => import('./plots/Curves.tsx'));
const GovernedBoard = lazy(() => import('./governor/GovernedBoard.tsx'));
const GovernedLog = lazy(async () => ({
  default: (await import('./governor/governed-panels.tsx')).GovernedLog,
}));
const GovernedList = lazy(async () => ({
  default: (await import('./governor/governed-panels.tsx')).GovernedList,
}));
const GovernedYml = lazy(async () => ({
  default: (await import('./governor/governed-panels.tsx')).GovernedYml,
}));
const ClientLoad = lazy(() => import('./load/ClientLoad.tsx'));

/** A phone: the terminals are a panel among others there. */
const NARROW = 560;
/** From here on a whole page has room for every panel at once. */
const ROOMY = 1_000;
/** Where clients are at work, curves need some of their requests to be curves. In µs. */
const BUSY_SPAN = 3_000_000;

/** The whole cluster on a table: its clock, its servers, their terminals, and what happened. */
export function Bench(props: {
  figure: string;
  terminals: readonly TerminalOf[];
  layout: BenchLayout;
  /** The patroni.yml that its cluster began with; null where nothing governs it. */
  yml: string | null;
}) {
  const busy = (sessionOf(props.figure).snapshot.get().view?.populations.length ?? 0) > 0;
  const state = createBenchState(props.figure, busy ? BUSY_SPAN : 0);
  const inspector = `inspector-${createUniqueId()}`;
  const [width, measured] = useWidth();
  const narrow = createMemo(() => width() > 0 && width() < NARROW);
  const roomy = createMemo(() => props.layout === 'full' && width() >= ROOMY);
  const { yml } = props;
  const papers: readonly PanelSpec[] =
    yml === null
      ? []
      : [
          { id: 'patroni', title: 'Patroni’s log', content: () => <GovernedLog /> },
          { id: 'list', title: 'patronictl list', content: () => <GovernedList /> },
          { id: 'yml', title: 'patroni.yml', content: () => <GovernedYml yml={yml} /> },
        ];
  const panels: readonly PanelSpec[] = [
    ...papers,
    { id: 'log', title: 'What happened', content: () => <EventLog /> },
    { id: 'space-time', title: 'Messages in time', content: () => <SpaceTime /> },
    { id: 'curves', title: 'Latency and lag', content: () => <Curves /> },
    ...(busy ? [{ id: 'clients', title: 'What clients get', content: () => <ClientLoad /> }] : []),
    { id: 'ask', title: 'Ask a node', content: () => <Ask /> },
    { id: 'file', title: 'Share and export', content: () => <RunFile figure={props.figure} /> },
  ];
  const terminals = () => (
    <div class="bench-terminals">
      <Terminals figure={props.figure} terminals={props.terminals} />
    </div>
  );
  const shown = createMemo(() =>
    narrow() ? [{ id: 'terminals', title: 'Terminals', content: terminals }, ...panels] : panels,
  );
  return (
    <BenchContext.Provider value={state}>
      <div class="bench" data-layout={props.layout} ref={measured}>
        <TimeBar />
        <div class="bench-table">
          <div class="bench-stage">
            <Stage panel={inspector} />
            <Inspector id={inspector} />
          </div>
          <Show when={!narrow()}>{terminals()}</Show>
        </div>
        <Show when={yml !== null}>
          <Suspense>
            <GovernedBoard />
          </Suspense>
        </Show>
        <Panels panels={shown()} all={roomy()} label="Panels of the workbench" />
      </div>
    </BenchContext.Provider>
  );
}
