import { For, Show } from 'solid-js';
import { Message } from '../Answer.tsx';
import { ServerText } from '../Pieces.tsx';
import { PrintedLines } from '../result/PrintedLines.tsx';
import type { Printed } from '../result/printed.ts';
import { psqlRecords } from '../result/psql-records.ts';
import { psqlTable } from '../result/psql-table.ts';
import { visible, widthOf } from '../visible-text.ts';
import type { Printout } from './command.ts';

/** What a backslash command has printed. */
export function CommandOutput(props: { of: readonly Printout[]; records: boolean }) {
  return (
    <div class="answer">
      <For each={props.of}>
        {(part) => (
          <>
            <Show when={part.result}>
              {(result) => (
                <PrintedLines
                  printed={titled(
                    part.title,
                    props.records ? psqlRecords(result()) : psqlTable(result()),
                  )}
                  label={part.title ?? 'Rows'}
                />
              )}
            </Show>
            <Show when={part.lines.length > 0}>
              <pre class="said-by-psql">
                <ServerText text={part.lines.join('\n')} />
              </pre>
            </Show>
            <Show when={part.error}>
              {(error) => <Message message={error()} sql="" kind="error" />}
            </Show>
          </>
        )}
      </For>
    </div>
  );
}

/** With its title above it, in the middle. */
function titled(title: string | null, printed: Printed): Printed {
  if (title === null) return printed;
  const left = Math.max(0, Math.floor((printed.width - 1 - widthOf(title)) / 2));
  return { ...printed, head: [visible(`${' '.repeat(left)}${title}`), ...printed.head] };
}
