import { For, Match, Show, Switch } from 'solid-js';
import type { Instant } from '../../sim/instant.ts';
import { Answer } from '../Answer.tsx';
import { ServerText } from '../Pieces.tsx';
import { CommandOutput } from '../psql/CommandOutput.tsx';
import type { Ask } from '../psql/command.ts';
import { promptsOf } from '../psql/prompt.ts';
import type { Expanded } from '../result/Result.tsx';
import { type Entry, sentIn, sqlOf } from './entries.ts';

/** Of a longer text only its beginning is shown again. */
const MOST = 4_000;

/** What was sent, and what came of it. */
export function Exchange(props: {
  entry: Entry;
  node: string;
  now: Instant;
  standing: boolean;
  expanded: Expanded;
  ask: Ask;
}) {
  const of = <K extends Entry['kind']>(kind: K) =>
    props.entry.kind === kind ? (props.entry as Extract<Entry, { kind: K }>) : null;
  return (
    <div class="exchange">
      <Echo node={props.node} entry={props.entry} />
      <Switch>
        <Match when={of('statement')}>
          {(entry) => (
            <Answer
              statement={entry().statement}
              now={props.now}
              standing={props.standing}
              expanded={props.expanded}
              ask={props.ask}
            />
          )}
        </Match>
        <Match when={of('command')}>
          {(entry) => (
            <Show when={entry().command.output} fallback={<p class="asking">Asking a copy…</p>}>
              {(output) => <CommandOutput of={output()} records={props.expanded === 'on'} />}
            </Show>
          )}
        </Match>
        <Match when={of('stopped')}>
          {(entry) => <p class="stopped">{entry().stopped.reason}</p>}
        </Match>
      </Switch>
    </div>
  );
}

/** What was sent, behind the prompts that psql would have shown. */
function Echo(props: { node: string; entry: Entry }) {
  const sql = sqlOf(props.entry);
  const shown =
    sql.length > MOST
      ? `${sql.slice(0, MOST)}… (${sql.length.toLocaleString('en')} characters)`
      : sql;
  const prompts = promptsOf(props.node, sentIn(props.entry), shown);
  return (
    <pre class="echo">
      <For each={shown.split('\n')}>
        {(line, i) => (
          <>
            <Show when={i() > 0}>{'\n'}</Show>
            <span class="ps1">{prompts[i()] ?? ''}</span>
            <ServerText text={line} />
          </>
        )}
      </For>
    </pre>
  );
}
