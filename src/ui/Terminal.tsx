import { createEffect, createSignal, For, on, Show } from 'solid-js';
import type { StatementView } from '../cluster/cluster-view.ts';
import type { StoppedStatement } from '../session/snapshot.ts';
import { START } from '../sim/instant.ts';
import { Answer } from './Answer.tsx';
import { useFigure } from './figure-session.ts';
import { ServerText } from './Pieces.tsx';

/** Older statements stay out of the page until asked for. */
const RECENT = 30;

type Entry = { readonly statement: StatementView } | { readonly stopped: StoppedStatement };

/** A client of one node: what its session sent, what it was told, and a line to type the next statement. */
export function Terminal(props: { figure: string; node: string; session: string }) {
  const { session, snapshot, pickList } = useFigure(props.figure);
  const mine = (s: { node: string; session: string }) =>
    s.node === props.node && s.session === props.session;
  const entries = pickList((s) => transcript(s.statements.filter(mine), s.stopped.filter(mine)));
  const running = () => entries().some((e) => 'statement' in e && e.statement.state === 'running');
  const [limit, setLimit] = createSignal(RECENT);
  const [text, setText] = createSignal('');
  const [place, setPlace] = createSignal<number | null>(null);
  const [used, setUsed] = createSignal(false);
  let screen: HTMLDivElement | undefined;
  const name = () => `${props.node}, session ${props.session}`;
  const cancel = () => session.act({ kind: 'cancel', node: props.node, session: props.session });

  const run = async () => {
    const sql = text().trim();
    if (sql === '') return;
    setPlace(null);
    if (await session.runSql(props.node, props.session, sql)) setText('');
  };
  /** Walks through what this session has sent; below the last one the line is empty again. */
  const recall = (step: -1 | 1) => {
    const history = entries().map((e) => ('statement' in e ? e.statement.sql : e.stopped.sql));
    const next = (place() ?? history.length) + step;
    if (next < 0) return;
    setPlace(next >= history.length ? null : next);
    setText(history[next] ?? '');
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }) => {
    const field = event.currentTarget;
    const command = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && (command || (!event.shiftKey && text().trimEnd().endsWith(';')))) {
      event.preventDefault();
      void run();
    } else if (event.key === 'ArrowUp' && !text().slice(0, field.selectionStart).includes('\n')) {
      event.preventDefault();
      recall(-1);
    } else if (event.key === 'ArrowDown' && !text().slice(field.selectionEnd).includes('\n')) {
      event.preventDefault();
      recall(1);
    } else if (event.key === 'c' && event.ctrlKey && field.selectionStart === field.selectionEnd) {
      if (running()) void cancel();
    }
  };

  createEffect(
    on(entries, () => {
      if (screen) screen.scrollTop = screen.scrollHeight;
    }),
  );

  return (
    <section
      class="terminal"
      aria-label={`Terminal: ${name()}`}
      data-running={running()}
      onFocusIn={() => setUsed(true)}
      onFocusOut={() => setUsed(false)}
    >
      <header>
        <h3>
          {props.node} <span>session {props.session}</span>
        </h3>
        <button type="button" class="quiet" disabled={!running()} onClick={cancel}>
          Ctrl-C
        </button>
      </header>
      <div
        class="screen"
        ref={screen}
        tabindex="0"
        role="log"
        aria-live={used() ? 'polite' : 'off'}
        aria-label={`Answers to ${name()}`}
      >
        <Show when={entries().length > limit()}>
          <button type="button" class="quiet" onClick={() => setLimit(limit() + RECENT)}>
            Show {Math.min(RECENT, entries().length - limit())} earlier
          </button>
        </Show>
        <For each={entries().slice(-limit())}>
          {(entry) =>
            'statement' in entry ? (
              <div class="exchange">
                <Echo node={props.node} sql={entry.statement.sql} />
                <Answer
                  statement={entry.statement}
                  now={snapshot().view?.now ?? START}
                  standing={snapshot().speed === 0}
                />
              </div>
            ) : (
              <div class="exchange">
                <Echo node={props.node} sql={entry.stopped.sql} />
                <p class="stopped">{entry.stopped.reason}</p>
              </div>
            )
          }
        </For>
        <Show when={entries().length === 0}>
          <p class="empty">Nothing sent yet.</p>
        </Show>
      </div>
      <div class="prompt">
        <textarea
          rows={Math.min(6, text().split('\n').length)}
          aria-label={`SQL for ${name()}`}
          placeholder="select … ;"
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" onClick={run}>
          Run
        </button>
      </div>
    </section>
  );
}

function Echo(props: { node: string; sql: string }) {
  return (
    <pre class="echo">
      <span class="ps1">{props.node}=# </span>
      <ServerText text={props.sql} />
    </pre>
  );
}

/** In the order of time; an entry stays the same object as long as nothing about it changes. */
function transcript(
  statements: readonly StatementView[],
  stopped: readonly StoppedStatement[],
): readonly Entry[] {
  const at = (entry: Entry) => ('statement' in entry ? entry.statement.sentAt : entry.stopped.at);
  const all = [...statements.map(entryOf), ...stopped.map(entryOf)];
  return all.sort((a, b) => at(a) - at(b));
}

const known = new WeakMap<StatementView | StoppedStatement, Entry>();

function entryOf(item: StatementView | StoppedStatement): Entry {
  const before = known.get(item);
  if (before) return before;
  const entry = 'id' in item ? { statement: item } : { stopped: item };
  known.set(item, entry);
  return entry;
}
