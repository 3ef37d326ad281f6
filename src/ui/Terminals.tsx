import { createMemo, createSignal, createUniqueId, For, Show, untrack } from 'solid-js';
import type { TerminalOf } from './Bench.tsx';
import { useFigure } from './figure-session.ts';
import { Terminal } from './Terminal.tsx';
import {
  freeSession,
  keepTerminals,
  keptTerminals,
  type OpenedTerminal,
} from './terminal/terminal-list.ts';

/** The terminals of a figure, and those that the reader has opened beside them. */
export function Terminals(props: { figure: string; terminals: readonly TerminalOf[] }) {
  const { session, snapshot, pickList } = useFigure(props.figure);
  const nodes = pickList((s) => s.view?.nodes.map(({ name }) => name) ?? []);
  const [opened, setOpened] = createSignal(keptTerminals(props.figure));
  const [shown, show] = createSignal(0);
  const menu = createUniqueId();
  let choices: HTMLDivElement | undefined;
  const all = createMemo((): readonly (TerminalOf | OpenedTerminal)[] => [
    ...props.terminals,
    ...opened().filter(({ node }) => nodes().includes(node)),
  ]);
  /** A terminal goes on as the same one when it is renamed. */
  const places = createMemo(() => all().map(placeOf));
  const at = (place: string) => all().find((terminal) => placeOf(terminal) === place);
  const ownAt = (place: string) => opened().find((terminal) => placeOf(terminal) === place);
  const keep = (list: readonly OpenedTerminal[]) => {
    setOpened(list);
    keepTerminals(props.figure, list);
  };
  const open = (node: string) => {
    const taken = new Set([
      ...all().map((terminal) => terminal.session),
      ...snapshot().statements.map((statement) => statement.session),
    ]);
    keep([...opened(), { node, session: freeSession(taken), title: '' }]);
    show(all().length - 1);
    choices?.hidePopover();
  };
  /** As psql's \q: the server ends the session, if it has one. */
  const close = (terminal: OpenedTerminal) => {
    const server = snapshot().view?.nodes.find(({ name }) => name === terminal.node);
    const { node, session: name } = terminal;
    if (server?.status === 'up' && server.sessions.some((s) => s.name === name))
      void session.act({ kind: 'terminate', node, session: name });
    keep(opened().filter((other) => other !== terminal));
    show(0);
  };
  const rename = (terminal: OpenedTerminal, title: string) =>
    keep(opened().map((other) => (other === terminal ? { ...terminal, title } : other)));

  return (
    <>
      {/* On a narrow page one terminal shows at a time; on a wide one all do, and these buttons are hidden. */}
      <fieldset class="terminal-choice">
        <legend class="visually-hidden">Terminal to show</legend>
        <For each={places()}>
          {(place, i) => (
            <button type="button" aria-pressed={shown() === i()} onClick={() => show(i())}>
              {ownAt(place)?.title || place}
            </button>
          )}
        </For>
      </fieldset>
      <div class="terminals">
        <For each={places()}>
          {(place, i) => (
            <Show when={untrack(() => at(place))}>
              {(terminal) => (
                <div class="terminal-place" data-open={shown() === i()}>
                  <Terminal
                    figure={props.figure}
                    node={terminal().node}
                    session={terminal().session}
                  >
                    <Show when={ownAt(place)}>
                      {(own) => (
                        <OpenedTools
                          terminal={own()}
                          onRename={(title) => rename(own(), title)}
                          onClose={() => close(own())}
                        />
                      )}
                    </Show>
                  </Terminal>
                </div>
              )}
            </Show>
          )}
        </For>
      </div>
      <div class="new-terminal">
        <button type="button" class="quiet" popovertarget={menu} aria-haspopup="true">
          + New session
        </button>
        <div id={menu} popover class="new-terminal-choice" ref={choices}>
          <p>on which server?</p>
          <For each={nodes()}>
            {(node) => (
              <button type="button" class="act" onClick={() => open(node)}>
                {node}
              </button>
            )}
          </For>
        </div>
      </div>
    </>
  );
}

const placeOf = ({ node, session }: TerminalOf): string => `${node} ${session}`;

/** Beside the title of a terminal that the reader has opened. */
function OpenedTools(props: {
  terminal: OpenedTerminal;
  onRename: (title: string) => void;
  onClose: () => void;
}) {
  const of = () => `${props.terminal.node}, session ${props.terminal.session}`;
  return (
    <>
      <input
        class="terminal-title"
        aria-label={`What you call ${of()}`}
        placeholder="name it"
        maxlength="40"
        value={props.terminal.title}
        onChange={(event) => props.onRename(event.currentTarget.value.trim())}
      />
      <button
        type="button"
        class="quiet"
        aria-label={`Close ${of()}`}
        title="Ends the session, as \q does"
        onClick={() => props.onClose()}
      >
        Close
      </button>
    </>
  );
}
