import { createSignal, For } from 'solid-js';
import { Clock } from './Clock.tsx';
import { EventLog } from './EventLog.tsx';
import { useFigure } from './figure-session.ts';
import { LinkControls } from './LinkControls.tsx';
import { NodeCard } from './NodeCard.tsx';
import { RunFile } from './RunFile.tsx';
import { Terminal } from './Terminal.tsx';

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
  const { pickList } = useFigure(props.figure);
  const nodes = pickList((s) => s.view?.nodes.map(({ name }) => name) ?? []);
  const [open, setOpen] = createSignal(0);
  return (
    <div class="bench" data-layout={props.layout}>
      <Clock figure={props.figure} />
      <div class="nodes">
        <For each={nodes()}>{(node) => <NodeCard figure={props.figure} node={node} />}</For>
      </div>
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
      <EventLog figure={props.figure} />
      <details class="tools">
        <summary>Links, and this run as a file</summary>
        <LinkControls figure={props.figure} />
        <RunFile figure={props.figure} />
      </details>
    </div>
  );
}
