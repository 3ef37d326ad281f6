import { createEffect, createSignal, For, on, Show } from 'solid-js';
import type { StatementView } from '../cluster/cluster-view.ts';
import type { TransactionStatus } from '../cluster/sql-engine.ts';
import { type StoppedStatement, shownNow, shownStatements } from '../session/snapshot.ts';
import { Answer } from './Answer.tsx';
import { SqlEditor } from './editor/SqlEditor.tsx';
import { useFigure } from './figure-session.ts';
import { ServerText } from './Pieces.tsx';
import { promptsOf } from './psql-prompt.ts';

/** Older statements stay out of the page until asked for. */
const RECENT = 30;

type Entry = { readonly statement: StatementView } | { readonly stopped: StoppedStatement };

/** A client of one node: what its session sent, what it was told, and a line to type the next statement. */
export function Terminal(props: { figure: string; node: string; session: string }) {
  const { session, snapshot, pick, pickList } = useFigure(props.figure);
  const mine = (s: { node: string; session: string }) =>
    s.node === props.node && s.session === props.session;
  const entries = pickList((s) =>
    transcript(shownStatements(s).filter(mine), s.stopped.filter(mine)),
  );
  const running = () => entries().some((e) => 'statement' in e && e.statement.state === 'running');
  const status = pick(
    (s) =>
      s.view?.nodes
        .find(({ name: node }) => node === props.node)
        ?.sessions.find((open) => open.name === props.session)?.transaction ?? 'idle',
  );
  const [limit, setLimit] = createSignal(RECENT);
  const [text, setText] = createSignal('');
  const [draft, setDraft] = createSignal('');
  const [place, setPlace] = createSignal<number | null>(null);
  const [used, setUsed] = createSignal(false);
  let screen: HTMLDivElement | undefined;
  const name = () => `${props.node}, session ${props.session}`;
  const cancel = () => session.act({ kind: 'cancel', node: props.node, session: props.session });

  const run = async (sql: string) => {
    if (sql.trim() === '') return;
    setPlace(null);
    const whole = sql.trim() === text().trim();
    if ((await session.runSql(props.node, props.session, sql.trim())) && whole) setText('');
  };
  /** Walks through what this session has sent; below the last one stands what was being typed. */
  const recall = (step: -1 | 1) => {
    const history = entries().map((e) => ('statement' in e ? e.statement.sql : e.stopped.sql));
    const next = (place() ?? history.length) + step;
    if (next < 0 || next > history.length) return;
    if (place() === null) setDraft(text());
    setPlace(next === history.length ? null : next);
    setText(history[next] ?? draft());
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
                <Echo node={props.node} sql={entry.statement.sql} sentIn={entry.statement.sentIn} />
                <Answer
                  statement={entry.statement}
                  now={shownNow(snapshot())}
                  standing={snapshot().speed === 0}
                />
              </div>
            ) : (
              <div class="exchange">
                <Echo node={props.node} sql={entry.stopped.sql} sentIn="idle" />
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
        <SqlEditor
          label={`SQL for ${name()}`}
          placeholder="select … ;"
          value={text()}
          onChange={setText}
          onRun={(sql) => void run(sql)}
          onHistory={recall}
          onCancel={() => running() && void cancel()}
          prompts={(sql) => promptsOf(props.node, status(), sql)}
          runsOnEnter
        >
          <button type="button" class="run" onClick={() => void run(text())}>
            Run
          </button>
        </SqlEditor>
      </div>
    </section>
  );
}

/** What was sent, behind the prompts that psql would have shown. */
function Echo(props: { node: string; sql: string; sentIn: TransactionStatus }) {
  const lines = () => {
    const prompts = promptsOf(props.node, props.sentIn, props.sql);
    return props.sql.split('\n').map((line, i) => ({ prompt: prompts[i] ?? '', line }));
  };
  return (
    <pre class="echo">
      <For each={lines()}>
        {({ prompt, line }, i) => (
          <>
            <Show when={i() > 0}>{'\n'}</Show>
            <span class="ps1">{prompt}</span>
            <ServerText text={line} />
          </>
        )}
      </For>
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
