import { createUniqueId, Show } from 'solid-js';
import { chooseEditor, editorChoice } from './editor-choice.ts';

/** The line below an editor, seen while one works in it: its keys, the way out, and how it should be. */
export function EditorFoot(props: { full: boolean; failed: boolean; history: boolean }) {
  const panel = createUniqueId();
  const choice = () => editorChoice();
  const command = navigator.platform?.startsWith('Mac') ? '⌘' : 'Ctrl';
  return (
    <div class="editor-foot">
      <p class="keys">
        <kbd>{command}+Enter</kbd> runs
        <Show when={props.history}>
          {' · '}
          <kbd>Alt+↑</kbd> history
        </Show>
        <Show when={props.full}>
          {' · '}
          <kbd>F1</kbd> more
        </Show>
        <Show when={props.failed}>
          {' '}
          · The full editor could not be loaded; this field does all.
        </Show>
      </p>
      <Show when={props.full}>
        <button
          type="button"
          aria-pressed={choice().tabIndents}
          title={`${command}+M. Esc, then Tab, always leaves the editor.`}
          onClick={() => chooseEditor({ tabIndents: !choice().tabIndents })}
        >
          {choice().tabIndents ? 'Tab indents; Esc Tab leaves' : 'Tab leaves'}
        </button>
      </Show>
      <button type="button" popovertarget={panel} aria-haspopup="dialog">
        Editor
      </button>
      <div id={panel} popover class="editor-choice" role="dialog" aria-label="Editor">
        <label>
          <input
            type="checkbox"
            checked={!props.full}
            onChange={(event) => chooseEditor({ plain: event.currentTarget.checked })}
          />
          Plain text field
        </label>
        <label>
          <input
            type="checkbox"
            checked={choice().tabIndents}
            onChange={(event) => chooseEditor({ tabIndents: event.currentTarget.checked })}
          />
          Tab indents ({command}+M)
        </label>
        <label>
          <input
            type="checkbox"
            checked={choice().screenReader}
            onChange={(event) => chooseEditor({ screenReader: event.currentTarget.checked })}
          />
          Tuned for screen readers
        </label>
        <p>Kept on this device, for every editor of the course.</p>
      </div>
    </div>
  );
}
