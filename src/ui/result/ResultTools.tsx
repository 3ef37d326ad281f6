import { createSignal, Show } from 'solid-js';
import type { StatementResult } from '../../cluster/sql-engine.ts';
import { resultCsv } from './csv.ts';
import { type Printed, printedText } from './printed.ts';
import { rowCount } from './row-count.ts';

/** How long it is said that something was copied. */
const SAID_MS = 2_000;

/** What can be done with a result: take it along as text or as CSV, turn it from a table into records. */
export function ResultTools(props: {
  result: StatementResult;
  printed: Printed;
  /** Null where there is only one way to show it. */
  expanded: boolean | null;
  onExpanded: (expanded: boolean) => void;
  name: string;
}) {
  const [said, say] = createSignal('');
  const copy = async () => {
    const text = `${printedText(props.printed)}\n${rowCount(props.result)}\n`;
    try {
      await navigator.clipboard.writeText(text);
      say('Copied');
    } catch {
      say('The browser does not let this page copy; “CSV” saves a file.');
    }
    setTimeout(() => say(''), SAID_MS);
  };
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(
      new Blob([resultCsv(props.result)], { type: 'text/csv;charset=utf-8' }),
    );
    link.download = `${props.name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <div class="result-tools">
      <span class="said" role="status">
        {said()}
      </span>
      <Show when={props.expanded !== null && props.result.rows.length > 0}>
        <button
          type="button"
          aria-pressed={props.expanded === true}
          title="Every row as a record, like psql’s \x"
          onClick={() => props.onExpanded(!props.expanded)}
        >
          Expanded
        </button>
      </Show>
      <button type="button" title="Copy as text" onClick={() => void copy()}>
        Copy
      </button>
      <button type="button" title="Save as a CSV file" onClick={save}>
        CSV
      </button>
    </div>
  );
}
