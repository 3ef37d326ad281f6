import { createSignal, For, Show } from 'solid-js';
import type { StatementView } from '../../cluster/cluster-view.ts';
import { shownNow } from '../../session/snapshot.ts';
import { Answer } from '../Answer.tsx';
import { useBench } from '../bench-state.ts';
import { clockTime } from '../time-words.ts';

interface Answered {
  readonly node: string;
  readonly sql: string;
  readonly statement: StatementView;
}

const KEPT = 6;
let asked = 0;

/** Asks any node as it stands at the shown moment. Nothing of the run changes by it. */
export function Ask() {
  const { session, pick, pickList } = useBench();
  const nodes = pickList((s) => s.view?.nodes.map(({ name }) => name) ?? []);
  const now = pick(shownNow);
  const [node, setNode] = createSignal<string | null>(null);
  const [sql, setSql] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [answers, setAnswers] = createSignal<readonly Answered[]>([]);
  const ask = async () => {
    const name = node() ?? nodes()[0];
    const text = sql().trim();
    if (name === undefined || text === '' || busy()) return;
    const at = now();
    setBusy(true);
    const { results, notices, error } = await session.ask(name, text);
    setBusy(false);
    const statement: StatementView = {
      id: asked++,
      node: name,
      session: 'asked',
      sql: text,
      sentAt: at,
      sentIn: 'idle',
      answeredAt: null,
      state: error ? 'error' : 'done',
      results,
      notices,
      error,
      waitEventType: null,
      waitEvent: null,
    };
    setAnswers([...answers(), { node: name, sql: text, statement }].slice(-KEPT));
  };
  return (
    <section class="ask" aria-label="Ask a node at this moment">
      <p class="hint">
        A copy of the node answers, as it stands at {clockTime(now())}. It only reads; the run goes
        on as if nobody had asked.
      </p>
      <form
        class="ask-form"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <label class="choice">
          <span>ask</span>
          <select onChange={(event) => setNode(event.currentTarget.value)}>
            <For each={nodes()}>{(name) => <option value={name}>{name}</option>}</For>
          </select>
        </label>
        <textarea
          rows="2"
          aria-label="Question in SQL"
          placeholder="select … ;"
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          value={sql()}
          onInput={(event) => setSql(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            void ask();
          }}
        />
        <button type="submit" class="act primary" disabled={busy()}>
          Ask
        </button>
      </form>
      <div class="asked" aria-live="polite">
        <For each={[...answers()].reverse()}>
          {(answer) => (
            <div class="exchange">
              <p class="asked-of">
                {answer.node} at {clockTime(answer.statement.sentAt)}: <code>{answer.sql}</code>
              </p>
              <Answer statement={answer.statement} now={answer.statement.sentAt} standing={false} />
            </div>
          )}
        </For>
        <Show when={busy()}>
          <p class="hint">A copy of the node is being made…</p>
        </Show>
      </div>
    </section>
  );
}
