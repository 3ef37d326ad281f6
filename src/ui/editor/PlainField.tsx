import type { SqlEditorProps } from './sql-editor.ts';
import { isComplete, sqlToRun } from './sql-to-run.ts';

const MOST_ROWS = 8;

/** The editor as a text area: what touch screens, screen readers and small devices are best served by. */
export function PlainField(
  props: SqlEditorProps & { readonly ref?: (field: HTMLTextAreaElement) => void },
) {
  const rows = () =>
    Math.max(props.rows ?? 1, Math.min(MOST_ROWS, props.value.split('\n', MOST_ROWS).length));
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }) => {
    const { selectionStart: from, selectionEnd: to } = event.currentTarget;
    const command = event.ctrlKey || event.metaKey;
    const text = props.value;
    if (event.isComposing) return;
    if (event.key === 'Enter' && command) {
      event.preventDefault();
      props.onRun(sqlToRun(text, { from, to }));
    } else if (event.key === 'Enter' && props.runsOnEnter && !event.shiftKey && isComplete(text)) {
      if (text.slice(to).trim() !== '') return;
      event.preventDefault();
      props.onRun(text);
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const step = event.key === 'ArrowUp' ? -1 : 1;
      const beyond = step < 0 ? text.slice(0, from) : text.slice(to);
      const asked = event.altKey || event.ctrlKey;
      if (!props.onHistory || event.shiftKey || (!asked && beyond.includes('\n'))) return;
      event.preventDefault();
      props.onHistory(step);
    } else if (event.key === 'c' && event.ctrlKey && from === to) {
      props.onCancel?.();
    }
  };
  return (
    <textarea
      ref={(field) => {
        props.ref?.(field);
        props.control?.({ selectAll: () => field.select() });
      }}
      rows={rows()}
      aria-label={props.label}
      placeholder={props.placeholder}
      spellcheck={false}
      autocapitalize="off"
      autocomplete="off"
      value={props.value}
      onInput={(event) => props.onChange(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onCompositionStart={({ currentTarget }) => {
        currentTarget.dataset.composing = '';
      }}
      onCompositionEnd={({ currentTarget }) => {
        delete currentTarget.dataset.composing;
      }}
    />
  );
}
