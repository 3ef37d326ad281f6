import { Index, Show } from 'solid-js';
import { readTable, type TableRow, whyNoTable } from '../../../routing/decision-table.ts';
import { CONDITIONS, DECISIONS, movedUp, withCondition, withDecision } from './table-edit.ts';

const MOST = 12;
const NEW_ROW: TableRow = { if: 'always', do: 'primary' };

/** Rows from top to bottom, the first one that holds decides: each is two lists to choose from. */
export function DecisionTable(props: { text: string; onChange: (text: string) => void }) {
  const rows = (): readonly TableRow[] => {
    try {
      return JSON.parse(props.text) as readonly TableRow[];
    } catch {
      return readTable('[{ "if": "always", "do": "primary" }]');
    }
  };
  const change = (next: readonly TableRow[]) => props.onChange(JSON.stringify(next));
  const set = (index: number, row: TableRow) =>
    change(rows().map((one, i) => (i === index ? row : one)));
  return (
    <div class="decision-table">
      <ol>
        <Index each={rows()}>
          {(row, i) => (
            <li>
              <label>
                <span>{i === 0 ? 'If' : 'Else if'}</span>{' '}
                <select
                  value={row().if}
                  onChange={(event) =>
                    set(i, withCondition(row(), event.currentTarget.value as TableRow['if']))
                  }
                >
                  {CONDITIONS.map(([value, words]) => (
                    <option value={value} selected={row().if === value}>
                      {words}
                    </option>
                  ))}
                </select>
              </label>
              <Milliseconds
                label={`Row ${i + 1}: milliseconds of the condition`}
                value={msOf(row())}
                onChange={(ms) => set(i, withCondition(row(), row().if, ms))}
              />
              <label>
                <span>then</span>{' '}
                <select
                  value={row().do}
                  onChange={(event) =>
                    set(i, withDecision(row(), event.currentTarget.value as TableRow['do']))
                  }
                >
                  {DECISIONS.map(([value, words]) => (
                    <option value={value} selected={row().do === value}>
                      {words}
                    </option>
                  ))}
                </select>
              </label>
              <Milliseconds
                label={`Row ${i + 1}: milliseconds to wait`}
                value={waitOf(row())}
                onChange={(ms) => set(i, withDecision(row(), row().do, ms))}
              />
              <span class="row-tools">
                <button
                  type="button"
                  class="act"
                  disabled={i === 0}
                  aria-label={`Move row ${i + 1} up`}
                  onClick={() => change(movedUp(rows(), i))}
                >
                  ↑
                </button>
                <button
                  type="button"
                  class="act"
                  disabled={rows().length === 1}
                  aria-label={`Remove row ${i + 1}`}
                  onClick={() => change(rows().filter((_, other) => other !== i))}
                >
                  ✕
                </button>
              </span>
            </li>
          )}
        </Index>
      </ol>
      <div class="tool-row">
        <button
          type="button"
          class="act"
          disabled={rows().length >= MOST}
          onClick={() => change([...rows(), NEW_ROW])}
        >
          Add a row
        </button>
        <span class="soft">Where no row holds, the primary is read.</span>
      </div>
      <p class="wrong" role="status">
        {whyNoTable(props.text) ?? ''}
      </p>
    </div>
  );
}

const msOf = (row: TableRow): number | null => ('ms' in row ? row.ms : null);
const waitOf = (row: TableRow): number | null => ('waitMs' in row ? row.waitMs : null);

function Milliseconds(props: {
  label: string;
  value: number | null;
  onChange: (ms: number) => void;
}) {
  return (
    <Show when={props.value !== null}>
      <span class="ms">
        <input
          type="number"
          min="1"
          max="60000"
          aria-label={props.label}
          value={props.value ?? ''}
          onChange={(event) => props.onChange(Number(event.currentTarget.value))}
        />{' '}
        ms
      </span>
    </Show>
  );
}
