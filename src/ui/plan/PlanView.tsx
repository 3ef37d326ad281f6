import { createResource, createUniqueId, For, Show } from 'solid-js';
import type { StatementResult } from '../../cluster/sql-engine.ts';
import type { Ask } from '../psql/command.ts';
import { type Fate, fateInWords, fatesOf, PARTITIONS_SQL, removedIn } from './partitions.ts';
import type { PlanNode } from './plan.ts';
import { planFromJson } from './plan-json.ts';
import { planFromText } from './plan-text.ts';
import './plan.css';

const WORDS: Record<PlanNode['state'], string> = {
  planned: '',
  ran: '',
  'never executed': 'never executed',
};

const MARKS: Record<Fate, string> = {
  read: 'read',
  'would be read': 'would be read',
  'never executed': 'never executed',
  absent: 'not in the plan',
};

/** An EXPLAIN's answer as a tree, with what becomes of every partition above it. */
export default function PlanView(props: { result: StatementResult; ask?: Ask | undefined }) {
  const lines = () => props.result.rows.map(([line]) => line ?? '');
  const plan = () =>
    planFromJson(lines().join('\n')) ?? planFromText(lines().flatMap((line) => line.split('\n')));
  const [partitions] = createResource(async () => {
    const asked = await props.ask?.(PARTITIONS_SQL);
    return (asked?.results[0]?.rows ?? []) as readonly (readonly [string, string])[];
  });
  return (
    <Show when={plan()} fallback={<p class="plan-none">This is no plan in text or JSON.</p>}>
      {(shown) => (
        <div class="plan scroll" tabindex="0">
          <For each={fatesOf(shown().root, partitions() ?? [])}>
            {(table) => {
              const id = createUniqueId();
              return (
                <figure class="plan-partitions" aria-labelledby={id}>
                  <ul aria-hidden="true">
                    <For each={table.partitions}>
                      {({ name, fate }) => (
                        <li data-fate={fate} title={`${name}: ${MARKS[fate]}`}>
                          {name}
                        </li>
                      )}
                    </For>
                  </ul>
                  <figcaption id={id}>{fateInWords(table, removedIn(shown().root))}</figcaption>
                </figure>
              );
            }}
          </For>
          <ul class="plan-tree" aria-label="The plan as a tree">
            <Branch node={shown().root} />
          </ul>
          <Show when={shown().footer.length > 0}>
            <p class="plan-footer">{shown().footer.join(' · ')}</p>
          </Show>
        </div>
      )}
    </Show>
  );
}

function Branch(props: { node: PlanNode }) {
  const facts = () =>
    [
      WORDS[props.node.state],
      props.node.actual === null ? '' : rowsInWords(props.node.actual),
      props.node.pages === null ? '' : `${props.node.pages.toLocaleString('en')} pages`,
    ].filter((one) => one !== '');
  return (
    <li data-state={props.node.state}>
      <div class="plan-node">
        <span class="plan-label">{props.node.label}</span>
        <Show when={facts().length > 0}>
          <span class="plan-facts"> {facts().join(' · ')}</span>
        </Show>
        <For
          each={props.node.details.filter((detail) => !/^(Buffers|Subplans Removed):/.test(detail))}
        >
          {(detail) => <span class="plan-detail">{detail}</span>}
        </For>
      </div>
      <Show when={props.node.children.length > 0 || props.node.subplansRemoved > 0}>
        <ul>
          <For each={props.node.children}>{(child) => <Branch node={child} />}</For>
          <Show when={props.node.subplansRemoved > 0}>
            <li data-state="removed">
              <div class="plan-node">
                <span class="plan-label">Subplans Removed: {props.node.subplansRemoved}</span>
                <span class="plan-facts"> taken out when execution began</span>
              </div>
            </li>
          </Show>
        </ul>
      </Show>
    </li>
  );
}

function rowsInWords({ rows, loops }: { rows: number; loops: number }): string {
  const each = `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;
  return loops === 1 ? each : `${each} in each of ${loops.toLocaleString('en')} loops`;
}
