import { createMemo, createSignal, lazy, Match, Show, Suspense, Switch } from 'solid-js';
import type { StatementResult } from '../../cluster/sql-engine.ts';
import type { Ask } from '../psql/command.ts';
import { PrintedLines } from './PrintedLines.tsx';
import { isCopy, psqlCopy } from './psql-copy.ts';
import { psqlRecords } from './psql-records.ts';
import { psqlTable } from './psql-table.ts';
import { ResultTools } from './ResultTools.tsx';
import { rowCount } from './row-count.ts';

// Most results are no plans.
const PlanView = lazy(() => import('../plan/PlanView.tsx'));

/** Beyond this many columns of a terminal, `auto` shows records. */
const WIDE = 110;

/** How results with many columns are shown, as psql's \x sets it. */
export type Expanded = 'off' | 'on' | 'auto';

/** One result as psql prints it: rows, or the command tag, or both where a write returns rows. */
export function Result(props: {
  result: StatementResult;
  expanded?: Expanded;
  name: string;
  /** Asks the node for what a plan does not say: the partitions that it leaves out. */
  ask?: Ask | undefined;
}) {
  const hasRows = () => props.result.columns.length > 0 || props.result.rows.length > 0;
  const tag = () =>
    !hasRows() || !/^(SELECT|FETCH|SHOW|EXPLAIN|TABLE|VALUES)/.test(props.result.command);
  return (
    <>
      <Show when={hasRows()}>
        <Rows
          result={props.result}
          expanded={props.expanded ?? 'off'}
          name={props.name}
          ask={props.ask}
        />
      </Show>
      <Show when={tag()}>
        <pre>{props.result.command}</pre>
      </Show>
    </>
  );
}

function Rows(props: {
  result: StatementResult;
  expanded: Expanded;
  name: string;
  ask: Ask | undefined;
}) {
  const [tree, showTree] = createSignal(false);
  const isPlan = () => props.result.columns[0] === 'QUERY PLAN';
  const [chosen, choose] = createSignal<boolean | null>(null);
  const table = createMemo(() => psqlTable(props.result));
  const expanded = () =>
    chosen() ?? (props.expanded === 'on' || (props.expanded === 'auto' && table().width > WIDE));
  const copied = () => isCopy(props.result);
  const printed = createMemo(() => {
    if (copied()) return psqlCopy(props.result);
    return expanded() && props.result.rows.length > 0 ? psqlRecords(props.result) : table();
  });
  const count = () => rowCount(props.result);
  return (
    <div class="result">
      <Show
        when={tree()}
        fallback={<PrintedLines printed={printed()} label={`Rows: ${count()}`} />}
      >
        <Suspense>
          <PlanView result={props.result} ask={props.ask} />
        </Suspense>
      </Show>
      <div class="result-end">
        <Switch>
          <Match when={copied()}>
            <span />
          </Match>
          <Match when={true}>
            <pre class="count">{count()}</pre>
          </Match>
        </Switch>
        <ResultTools
          result={props.result}
          printed={printed()}
          expanded={copied() ? null : expanded()}
          onExpanded={choose}
          name={props.name}
        />
      </div>
      <Show when={isPlan()}>
        <button type="button" class="quiet" onClick={() => showTree(!tree())}>
          {tree() ? 'Show as text' : 'Show as a tree'}
        </button>
      </Show>
      <Show when={props.result.omittedRows}>
        {(omitted) => (
          <p class="omitted">
            Only the first {props.result.rows.length.toLocaleString('en')} of them are kept in this
            page; the last {omitted().toLocaleString('en')} were counted and left out. A LIMIT, or
            an ORDER BY the other way round, brings others.
          </p>
        )}
      </Show>
    </div>
  );
}
