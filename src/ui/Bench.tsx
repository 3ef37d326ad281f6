import { createSignal, createUniqueId, For } from 'solid-js';
import { BenchContext, createBenchState } from './bench-state.ts';
import { EventLog } from './EventLog.tsx';
import { RunFile } from './RunFile.tsx';
import { Inspector } from './stage/Inspector.tsx';
import { Stage } from './stage/Stage.tsx';
import { Terminal } from './Terminal.tsx';
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
  const [open, setOpen] = createSignal(0);
  return (
    <BenchContext.Provider value={state}>
      <div class="bench" data-layout={props.layout}>
        <TimeBar />
        <div class="bench-stage">
          <Stage panel={panel} />
          <Inspector id={panel} />
        </div>
        <div class="bench-terminals">
          {/* On a narrow page one terminal shows at a time; on a wide one all do, and these buttons are hidden. */}
          <fieldset class="terminal-choice">
            <legend class="visually-hidden">Terminal to show</legend>
            <For each={props.terminals}>
              {(terminal, i) => (
                <button type="button" aria-pressed={open() === i()} onClick={() => setOpen(i())}>
                  {terminal.node} {terminal.session}
                </button>
              )}
            </For>
          </fieldset>
          <div class="terminals">
            <For each={props.terminals}>
              {(terminal, i) => (
                <div class="terminal-place" data-open={open() === i()}>
                  <Terminal figure={props.figure} node={terminal.node} session={terminal.session} />
                </div>
              )}
            </For>
          </div>
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
