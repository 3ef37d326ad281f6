import { createUniqueId } from 'solid-js';
import { BenchContext, createBenchState } from './bench-state.ts';
import { EventLog } from './EventLog.tsx';
import { RunFile } from './RunFile.tsx';
import { Inspector } from './stage/Inspector.tsx';
import { Stage } from './stage/Stage.tsx';
import { Terminals } from './Terminals.tsx';
import { TimeBar } from './time/TimeBar.tsx';
import './bench.css';
import './stage/stage.css';

export interface TerminalOf {
  readonly node: string;
  readonly session: string;
}

/** `inline`: in the column of a chapter. `full`: a page of its own, with the terminals beside the drawing. */
export type BenchLayout = 'inline' | 'full';

/** The whole cluster on a table: its clock, its servers, their terminals, and what happened. */
export function Bench(props: {
  figure: string;
  terminals: readonly TerminalOf[];
  layout: BenchLayout;
}) {
  const state = createBenchState(props.figure);
  const panel = `inspector-${createUniqueId()}`;
  return (
    <BenchContext.Provider value={state}>
      <div class="bench" data-layout={props.layout}>
        <TimeBar />
        <div class="bench-stage">
          <Stage panel={panel} />
          <Inspector id={panel} />
        </div>
        <div class="bench-terminals">
          <Terminals figure={props.figure} terminals={props.terminals} />
        </div>
        <EventLog figure={props.figure} />
        <details class="tools">
          <summary>This run as a file</summary>
          <RunFile figure={props.figure} />
        </details>
      </div>
    </BenchContext.Provider>
  );
}
