import { For, type JSX, Show } from 'solid-js';
import type { ChoiceQuestion } from './ChoiceSheet.tsx';
import { Inline } from './Inline.tsx';

/** Choices that are the cells of one table. Each is still asked in full to who hears it. */
export function ChoiceTable(props: {
  questions: readonly ChoiceQuestion[];
  cell: (question: ChoiceQuestion) => JSX.Element;
}) {
  const each = (of: 'row' | 'column') => [
    ...new Set(props.questions.flatMap(({ cell }) => (cell ? [cell[of]] : []))),
  ];
  const at = (row: string, column: string) =>
    props.questions.find(({ cell }) => cell?.row === row && cell.column === column);
  return (
    <Show when={props.questions.length > 0}>
      <table class="choice-table">
        <thead>
          <tr>
            <td />
            <For each={each('column')}>
              {(column) => (
                <th scope="col">
                  <Inline text={column} />
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={each('row')}>
            {(row) => (
              <tr>
                <th scope="row">
                  <Inline text={row} />
                </th>
                <For each={each('column')}>
                  {(column) => (
                    <td data-column={column.replaceAll('`', '')}>
                      <Show when={at(row, column)}>{(question) => props.cell(question())}</Show>
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Show>
  );
}
