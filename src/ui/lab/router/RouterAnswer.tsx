import { createSignal, createUniqueId, For, Show } from 'solid-js';
import type { RouterQuestion } from '../../../lab/answers.ts';
import { isTable, readTable, tableAsCode } from '../../../routing/decision-table.ts';
import { Inline } from '../Inline.tsx';
import { DecisionTable } from './DecisionTable.tsx';
import { RouterTrial } from './RouterTrial.tsx';
import { ROUTER_TYPES } from './router-types.ts';
import './router.css';

const MOST_ROWS = 30;

/** A router as code or as a decision table: whichever stands here is the answer. */
export function RouterAnswer(props: {
  question: RouterQuestion;
  text: string;
  onChange: (text: string) => void;
}) {
  const group = createUniqueId();
  const [code, setCode] = createSignal(props.question.initial);
  const [table, setTable] = createSignal(props.question.initialTable);
  const asTable = () => isTable(props.text);
  const shownCode = () => (asTable() ? code() : props.text);
  const rows = () => Math.min(MOST_ROWS, Math.max(10, shownCode().split('\n').length + 1));
  const change = (text: string) => {
    if (isTable(text)) setTable(text);
    else setCode(text);
    props.onChange(text);
  };
  const choose = (tabular: boolean) => {
    if (tabular === asTable()) return;
    if (asTable()) setTable(props.text);
    else setCode(props.text);
    props.onChange(tabular ? table() : code());
  };
  return (
    <div class="router-answer">
      <h3>
        <Inline text={props.question.ask} />
      </h3>
      <fieldset class="router-kinds">
        <legend class="visually-hidden">How you give it</legend>
        <For each={[false, true]}>
          {(tabular) => (
            <label class="choice">
              <input
                type="radio"
                name={group}
                checked={asTable() === tabular}
                onChange={() => choose(tabular)}
              />
              <span>{tabular ? 'as a decision table' : 'as a TypeScript function'}</span>
            </label>
          )}
        </For>
      </fieldset>
      <Show
        when={asTable()}
        fallback={
          <>
            <details class="tools">
              <summary>What your function gets and gives</summary>
              <pre tabindex="0">
                <code>{ROUTER_TYPES}</code>
              </pre>
              <p class="soft">
                Types are not checked. There is no network, no clock and no chance in there; what
                you keep in variables of your own stays. A call that does not end is stopped.
              </p>
            </details>
            <textarea
              class="router-code"
              aria-label={`${props.question.ask}, as TypeScript`}
              rows={rows()}
              spellcheck={false}
              autocapitalize="off"
              autocomplete="off"
              wrap="off"
              value={props.text}
              onInput={(event) => change(event.currentTarget.value)}
            />
          </>
        }
      >
        <DecisionTable text={props.text} onChange={change} />
        <details class="tools">
          <summary>The function that this table stands for</summary>
          <pre tabindex="0">
            <code>{codeOf(props.text)}</code>
          </pre>
        </details>
      </Show>
      <RouterTrial text={props.text} />
    </div>
  );
}

function codeOf(text: string): string {
  try {
    return tableAsCode(readTable(text));
  } catch (error) {
    return `// ${(error as Error).message}`;
  }
}
