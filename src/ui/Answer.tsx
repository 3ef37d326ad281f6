import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { StatementView } from '../cluster/cluster-view.ts';
import type { ServerMessage, StatementResult } from '../cluster/sql-engine.ts';
import { between, type Instant } from '../sim/instant.ts';
import { Lines, ServerText } from './Pieces.tsx';
import { psqlMessage } from './psql-message.ts';
import { psqlTable, rowCount } from './psql-table.ts';
import { lengthOfTime } from './time-words.ts';

const FIRST_ROWS = 200;
const MORE_ROWS = 800;

/** What a client has been told of one statement, as psql would print it, or what it still waits for. */
export function Answer(props: { statement: StatementView; now: Instant; standing: boolean }) {
  return (
    <div class="answer">
      <For each={props.statement.notices}>
        {(notice) => <Message message={notice} sql={props.statement.sql} kind="notice" />}
      </For>
      <For each={props.statement.results}>{(result) => <Result result={result} />}</For>
      <Show when={props.statement.error}>
        {(error) => <Message message={error()} sql={props.statement.sql} kind="error" />}
      </Show>
      <Switch>
        <Match when={props.statement.state === 'running'}>
          <Waiting statement={props.statement} now={props.now} standing={props.standing} />
        </Match>
        <Match when={props.statement.state === 'lost'}>
          <p class="lost">
            The connection ended before an answer came. Nobody told this client how it went.
          </p>
        </Match>
        <Match when={props.statement.answeredAt}>
          {(answeredAt) => (
            <p class="took">
              answered in {lengthOfTime(between(props.statement.sentAt, answeredAt()))}
            </p>
          )}
        </Match>
      </Switch>
    </div>
  );
}

function Waiting(props: { statement: StatementView; now: Instant; standing: boolean }) {
  const waits = () =>
    props.statement.waitEvent
      ? `waiting · ${props.statement.waitEventType} · ${props.statement.waitEvent}`
      : 'running';
  return (
    <p class="waiting">
      <span class="waiting-mark" aria-hidden="true" />
      {waits()} ·{' '}
      <span class="since" aria-hidden="true">
        {lengthOfTime(between(props.statement.sentAt, props.now))}
      </span>
      <Show when={props.standing}>
        <span class="standing"> The clock stands still: press Play, or Next event.</span>
      </Show>
    </p>
  );
}

function Message(props: { message: ServerMessage; sql: string; kind: 'notice' | 'error' }) {
  return (
    <pre class={props.kind}>
      <ServerText text={psqlMessage(props.message, props.sql).join('\n')} />
    </pre>
  );
}

function Result(props: { result: StatementResult }) {
  const [shown, show] = createSignal(FIRST_ROWS);
  const rows = () => props.result.rows.length;
  return (
    <Show when={props.result.columns.length > 0} fallback={<pre>{props.result.command}</pre>}>
      <pre class="rows" tabindex="0">
        <Lines of={psqlTable(props.result, shown())} />
        <Show when={rows() <= shown()}>{rowCount(rows())}</Show>
      </pre>
      <Show when={rows() > shown()}>
        <p class="more">
          The first {shown().toLocaleString('en')} of {rows().toLocaleString('en')} rows.{' '}
          <button type="button" onClick={() => show(shown() + MORE_ROWS)}>
            Show {Math.min(MORE_ROWS, rows() - shown()).toLocaleString('en')} more
          </button>
        </p>
      </Show>
    </Show>
  );
}
