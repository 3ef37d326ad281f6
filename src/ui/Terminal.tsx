import { createEffect, createMemo, createSignal, For, type JSX, on, onMount, Show } from 'solid-js';
import { drafts } from '../session/keep/page-drafts.ts';
import { shownNow, shownStatements, shownView } from '../session/snapshot.ts';
import { nodeSchema } from './editor/node-schema.ts';
import { SqlEditor } from './editor/SqlEditor.tsx';
import type { EditorControl } from './editor/sql-editor.ts';
import { isCommand } from './editor/sql-to-run.ts';
import { useFigure } from './figure-session.ts';
import { runCommand } from './psql/commands.ts';
import { promptsOf } from './psql/prompt.ts';
import type { Expanded } from './result/Result.tsx';
import { spokenAnswer } from './result/spoken-answer.ts';
import { Exchange } from './terminal/Exchange.tsx';
import { type Command, sqlOf, transcript } from './terminal/entries.ts';
import { errorMarkers } from './terminal/error-markers.ts';

/** Older exchanges stay out of the page until asked for. */
const RECENT = 30;

/** A client of one node: what its session sent, what it was told, and a field for the next statement. */
export function Terminal(props: {
  figure: string;
  node: string;
  session: string;
  /** What else may be done with this terminal, beside its title. */
  children?: JSX.Element;
}) {
  const { session, snapshot, pick, pickList } = useFigure(props.figure);
  const mine = (s: { node: string; session: string }) =>
    s.node === props.node && s.session === props.session;
  const statements = pickList((s) => shownStatements(s).filter(mine));
  const stopped = pickList((s) => s.stopped.filter((item) => mine(item) && item.at <= shownNow(s)));
  const now = pick(shownNow);
  const server = pick((s) => shownView(s)?.nodes.find(({ name: node }) => node === props.node));
  const open = () => server()?.sessions.find((known) => known.name === props.session);
  const status = createMemo(() => open()?.transaction ?? 'idle');
  const [commands, setCommands] = createSignal<readonly Command[]>([]);
  const [expanded, setExpanded] = createSignal<Expanded>('off');
  const entries = createMemo(() =>
    transcript(
      statements(),
      stopped(),
      commands().filter(({ at }) => at <= now()),
    ),
  );
  const running = () => statements().at(-1)?.state === 'running';
  const [limit, setLimit] = createSignal(RECENT);
  const [text, setText] = createSignal('');
  const [draft, setDraft] = createSignal('');
  const [place, setPlace] = createSignal<number | null>(null);
  const [used, setUsed] = createSignal(false);
  const [sent, setSent] = createSignal('');
  let screen: HTMLDivElement | undefined;
  let editor: EditorControl | undefined;
  const name = () => `${props.node}, session ${props.session}`;
  const field = () => `terminal/${props.node}/${props.session}`;
  const cancel = () => session.act({ kind: 'cancel', node: props.node, session: props.session });

  const type = (typed: string) => {
    setText(typed);
    drafts.write(props.figure, field(), typed);
  };
  onMount(() => {
    void drafts.read(props.figure, field()).then((kept) => {
      if (kept !== '' && text() === '') setText(kept);
    });
  });

  const run = async (asked: string) => {
    const sql = asked.trim();
    if (sql === '') return;
    setPlace(null);
    const whole = sql === text().trim();
    if (isCommand(sql)) {
      if (whole) type('');
      await command(sql);
      return;
    }
    setSent(whole ? sql : '');
    if ((await session.runSql(props.node, props.session, sql)) && text().trim() === sql) type('');
  };
  const command = async (line: string) => {
    const entry: Command = { at: now(), line, sentIn: status(), output: null };
    setCommands([...commands(), entry]);
    const output = await runCommand(line, {
      node: props.node,
      session: props.session,
      pid: open()?.pid ?? null,
      standby: server()?.role === 'standby',
      expanded: expanded(),
      setExpanded,
      ask: (sql) => session.ask(props.node, sql),
    });
    setCommands(commands().map((known) => (known === entry ? { ...entry, output } : known)));
  };
  /** Walks through what this session has sent; below the last one stands what was being typed. */
  const recall = (step: -1 | 1) => {
    const history = entries().map(sqlOf);
    const next = (place() ?? history.length) + step;
    if (next < 0 || next > history.length) return;
    if (place() === null) setDraft(text());
    setPlace(next === history.length ? null : next);
    type(history[next] ?? draft());
  };

  // A command answered in a moment that no longer is: the run was reset, or taken back.
  createEffect(() => {
    if (snapshot().lookingAt === null && commands().some(({ at }) => at > now()))
      setCommands(commands().filter(({ at }) => at <= now()));
  });
  // What failed at a place in its text comes back, to be mended; all of it selected, so that typing replaces it.
  createEffect(
    on(statements, () => {
      const last = statements().at(-1);
      if (!last || last.state === 'running' || last.sql !== sent()) return;
      setSent('');
      if (last.error?.position == null || text() !== '') return;
      type(last.sql);
      // When the field has taken the text over.
      queueMicrotask(() => used() && editor?.selectAll());
    }),
  );
  createEffect(
    on(entries, () => {
      if (screen) screen.scrollTop = screen.scrollHeight;
    }),
  );
  const spoken = createMemo(() => (used() ? spokenAnswer(statements().at(-1) ?? null) : ''));

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
        {props.children}
        <button type="button" class="quiet" disabled={!running()} onClick={cancel}>
          Ctrl-C
        </button>
      </header>
      <div
        class="screen"
        ref={screen}
        tabindex="0"
        role="log"
        aria-live="off"
        aria-label={`Answers to ${name()}`}
      >
        <Show when={entries().length > limit()}>
          <button type="button" class="quiet" onClick={() => setLimit(limit() + RECENT)}>
            Show {Math.min(RECENT, entries().length - limit())} earlier
          </button>
        </Show>
        <For each={entries().slice(-limit())}>
          {(entry) => (
            <Exchange
              entry={entry}
              node={props.node}
              now={now()}
              standing={snapshot().speed === 0}
              expanded={expanded()}
              ask={(sql) => session.ask(props.node, sql)}
            />
          )}
        </For>
        <Show when={entries().length === 0}>
          <p class="empty">
            Nothing sent yet. Type SQL below; <code>\?</code> lists what else works here.
          </p>
        </Show>
      </div>
      <p class="visually-hidden" role="status">
        {spoken()}
      </p>
      <div class="prompt">
        <SqlEditor
          label={`SQL for ${name()}`}
          placeholder="select … ;"
          value={text()}
          onChange={type}
          onRun={(sql) => void run(sql)}
          onHistory={recall}
          onCancel={() => running() && void cancel()}
          markers={errorMarkers(text(), statements().at(-1))}
          schema={() => nodeSchema(session, props.node)}
          prompts={(sql) => promptsOf(props.node, status(), sql)}
          control={(control) => {
            editor = control;
          }}
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
