import { For, Match, Show, Switch } from 'solid-js';
import type { StatementView } from '../cluster/cluster-view.ts';
import type { ServerMessage } from '../cluster/sql-engine.ts';
import { between, type Instant } from '../sim/instant.ts';
import { ServerText } from './Pieces.tsx';
import type { Ask } from './psql/command.ts';
import { psqlMessage } from './result/psql-message.ts';
import { type Expanded, Result } from './result/Result.tsx';
import { lostInWords } from './result/spoken-answer.ts';
import { lengthOfTime } from './time-words.ts';

/** What a client has been told of one statement, as psql would print it, or what it still waits for. */
export function Answer(props: {
  statement: StatementView;
  now: Instant;
  standing: boolean;
  expanded?: Expanded;
  ask?: Ask | undefined;
}) {
  const name = () => `${props.statement.node}-${props.statement.session}-${props.statement.id}`;
  return (
    <div class="answer">
      <For each={props.statement.notices}>
        {(notice) => <Message message={notice} sql={props.statement.sql} kind="notice" />}
      </For>
      <For each={props.statement.results}>
        {(result) => (
          <Result
            result={result}
            expanded={props.expanded ?? 'off'}
            name={name()}
            ask={props.ask}
          />
        )}
      </For>
      <Show when={props.statement.error}>
        {(error) => <Message message={error()} sql={props.statement.sql} kind="error" />}
      </Show>
      <Switch>
        <Match when={props.statement.state === 'running'}>
          <Waiting statement={props.statement} now={props.now} standing={props.standing} />
        </Match>
        <Match when={props.statement.state === 'lost'}>
          <p class="lost">{lostInWords(props.statement)}</p>
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

/** A message of more lines may have to be scrolled: then the keyboard must reach it. */
const LONG_MESSAGE = 8;

/** An error or a notice, as psql prints it. */
export function Message(props: { message: ServerMessage; sql: string; kind: 'notice' | 'error' }) {
  const text = () => psqlMessage(props.message, props.sql).join('\n');
  const isLong = () => text().split('\n').length > LONG_MESSAGE;
  return (
    <pre class={`server-${props.kind}`} tabindex={isLong() ? 0 : undefined}>
      <ServerText text={text()} />
    </pre>
  );
}
