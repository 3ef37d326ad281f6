import { createEffect, For, Match, on, Show, Switch } from 'solid-js';
import type { MessageView } from '../../cluster/cluster-view.ts';
import { type Snapshot, shownNow, shownView } from '../../session/snapshot.ts';
import { type Selection, useBench } from '../bench-state.ts';
import { LinkControls } from '../LinkControls.tsx';
import { NodeControls } from '../NodeControls.tsx';
import { nameOfLink } from './link-words.ts';
import { counted, factsOf, nameOfMessage } from './message-words.ts';
import { planOf } from './stage-plan.ts';

/** What has been chosen in the drawing: what is known of it, and what can be done to it. */
export function Inspector(props: { id: string }) {
  const { selection, select, snapshot } = useBench();
  let box: HTMLElement | undefined;
  let heading: HTMLHeadingElement | undefined;
  /** Where the focus was when the first thing was chosen: it goes back there. */
  let came: Element | null = null;
  createEffect(
    on(selection, (chosen, before) => {
      if (!chosen) return;
      if (!before) came = document.activeElement;
      box?.scrollIntoView({ block: 'nearest' });
      heading?.focus({ preventScroll: true });
    }),
  );
  const close = () => {
    select(null);
    if (came?.isConnected && 'focus' in came) (came as HTMLElement).focus();
  };
  return (
    <section
      class="inspector"
      id={props.id}
      ref={box}
      aria-label="What you have chosen"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && selection()) close();
      }}
    >
      <Show when={selection()} fallback={<Hint />}>
        {(chosen) => (
          <>
            <header>
              <h3 ref={heading} tabindex="-1">
                {titleOf(chosen(), snapshot())}
              </h3>
              <button type="button" class="quiet" onClick={close}>
                Close
              </button>
            </header>
            <Switch>
              <Match when={chosen().kind === 'node' && (chosen() as NodeSelection)} keyed>
                {({ node }) => <NodeControls node={node} />}
              </Match>
              <Match when={chosen().kind === 'cable' && (chosen() as CableSelection)} keyed>
                {({ a, b }) => (
                  <>
                    <LinkControls a={a} b={b} />
                    <OnTheWay a={a} b={b} />
                  </>
                )}
              </Match>
              <Match when={chosen().kind === 'message' && (chosen() as MessageSelection)} keyed>
                {({ id }) => <Message id={id} />}
              </Match>
            </Switch>
          </>
        )}
      </Show>
    </section>
  );
}

type NodeSelection = Extract<Selection, { kind: 'node' }>;
type CableSelection = Extract<Selection, { kind: 'cable' }>;
type MessageSelection = Extract<Selection, { kind: 'message' }>;

/** Nothing is chosen. Cables for which the drawing has no room can be chosen here. */
function Hint() {
  const { pickList, select } = useBench();
  const undrawn = pickList((s) => {
    const view = shownView(s);
    return view && view.nodes.length > 3 ? planOf(view).idle.map(nameOfLink) : [];
  });
  return (
    <>
      <p class="hint">
        Choose a server, a cable or a message on its way: to see what it is, and to do something to
        it.
      </p>
      <Show when={undrawn().length > 0}>
        <div class="tool-row">
          <For each={undrawn()}>
            {(name) => {
              const [a = '', b = ''] = name.split(' – ');
              return (
                <button type="button" class="quiet" onClick={() => select({ kind: 'cable', a, b })}>
                  {name}
                </button>
              );
            }}
          </For>
        </div>
      </Show>
    </>
  );
}

function OnTheWay(props: { a: string; b: string }) {
  const { pickList, select } = useBench();
  const ids = pickList((s) => flyingOn(s, props.a, props.b).map(({ id }) => id));
  return (
    <>
      <p class="hint">{counted(ids().length, 'message')} on the way.</p>
      <Show when={ids().length > 0}>
        <div class="tool-row">
          <For each={ids().slice(0, 6)}>
            {(id) => (
              <button type="button" class="quiet" onClick={() => select({ kind: 'message', id })}>
                {nameOf(id)}
              </button>
            )}
          </For>
        </div>
      </Show>
    </>
  );

  function nameOf(id: string) {
    const { snapshot } = useBench();
    const message = messageOf(snapshot(), id);
    return message ? nameOfMessage(message) : '';
  }
}

function Message(props: { id: string }) {
  const { snapshot } = useBench();
  const facts = () => {
    const view = shownView(snapshot());
    const message = messageOf(snapshot(), props.id);
    return view && message ? factsOf(message, view, shownNow(snapshot())) : [];
  };
  return (
    <dl class="facts">
      <For each={facts()}>
        {({ term, words }) => (
          <div>
            <dt>{term}</dt>
            <dd>{words}</dd>
          </div>
        )}
      </For>
    </dl>
  );
}

function titleOf(selection: Selection, snapshot: Snapshot): string {
  if (selection.kind === 'node') return `Do something to ${selection.node}`;
  if (selection.kind === 'cable') return `The cable ${nameOfLink(selection)}`;
  const message = messageOf(snapshot, selection.id);
  return message ? nameOfMessage(message) : 'A message of a moment that is not shown';
}

const flyingOn = (snapshot: Snapshot, a: string, b: string): readonly MessageView[] =>
  (shownView(snapshot)?.inFlight ?? []).filter(
    ({ from, to }) => (from === a && to === b) || (from === b && to === a),
  );

const messageOf = (snapshot: Snapshot, id: string): MessageView | null =>
  shownView(snapshot)?.inFlight.find((one) => one.id === id) ??
  snapshot.messages.findLast((one) => one.id === id) ??
  null;
