import { type editor, KeyCode, KeyMod } from './monaco.ts';
import type { SqlEditorProps } from './sql-editor.ts';
import { isComplete, sqlToRun } from './sql-to-run.ts';

interface Shortcuts extends SqlEditorProps {
  readonly tabLeaves: boolean;
  readonly onTabLeaves: (leaves: boolean) => void;
}

/** The caret is in the text, and no list of suggestions wants the arrows. */
const IN_TEXT = 'editorTextFocus && !suggestWidgetVisible';

/** The keys of a terminal, besides Monaco's own. Those with a name also stand in the list that F1 opens. */
export function addShortcuts(it: editor.IStandaloneCodeEditor, props: Shortcuts): void {
  const text = () => it.getValue();
  const selection = () => {
    const model = it.getModel();
    const range = it.getSelection();
    if (!model || !range) return { from: 0, to: 0 };
    return {
      from: model.getOffsetAt(range.getStartPosition()),
      to: model.getOffsetAt(range.getEndPosition()),
    };
  };
  it.addAction({
    id: 'standby.run',
    label: 'Run the selection, or the statement at the caret',
    keybindings: [KeyMod.CtrlCmd | KeyCode.Enter],
    contextMenuGroupId: 'navigation',
    run: () => props.onRun(sqlToRun(text(), selection())),
  });
  it.addAction({
    id: 'standby.tab',
    label: 'Let Tab leave the editor, or indent',
    keybindings: [KeyMod.CtrlCmd | KeyCode.KeyM, KeyMod.WinCtrl | KeyMod.Shift | KeyCode.KeyM],
    run: () => props.onTabLeaves(!props.tabLeaves),
  });
  const sends = it.createContextKey<boolean>('standbySends', false);
  const firstLine = it.createContextKey<boolean>('standbyFirstLine', true);
  const lastLine = it.createContextKey<boolean>('standbyLastLine', true);
  const look = () => {
    const { from, to } = selection();
    const all = text();
    sends.set(
      Boolean(props.runsOnEnter) && from === to && all.slice(to).trim() === '' && isComplete(all),
    );
    const line = it.getPosition()?.lineNumber ?? 1;
    firstLine.set(line === 1);
    lastLine.set(line === it.getModel()?.getLineCount());
  };
  it.onDidChangeCursorPosition(look);
  it.onDidChangeModelContent(look);
  look();
  it.addAction({
    id: 'standby.send',
    label: 'Send the whole text',
    keybindings: [KeyCode.Enter],
    precondition: 'standbySends && editorTextFocus',
    run: () => props.onRun(text()),
  });

  it.addAction({
    id: 'standby.newline',
    label: 'A new line, whatever is suggested',
    keybindings: [KeyMod.Shift | KeyCode.Enter],
    precondition: 'editorTextFocus',
    run: () => it.trigger('keyboard', 'type', { text: '\n' }),
  });

  const { onHistory } = props;
  if (onHistory) {
    // The arrows alone do it from the first and the last line; with Alt or Ctrl, from anywhere.
    const history = (step: -1 | 1, label: string, key: KeyCode, edge: string) => {
      const run = () => onHistory(step);
      const keybindings = [KeyMod.Alt | key, KeyMod.CtrlCmd | key];
      it.addAction({ id: `standby.history.${step}`, label, keybindings, run });
      it.addAction({
        id: `standby.history.${step}.edge`,
        label,
        keybindings: [key],
        keybindingContext: `${edge} && ${IN_TEXT}`,
        run,
      });
    };
    history(-1, 'What this session sent before', KeyCode.UpArrow, 'standbyFirstLine');
    history(1, 'What this session sent after', KeyCode.DownArrow, 'standbyLastLine');
  }
  it.onKeyDown((event) => {
    const { ctrlKey, keyCode } = event;
    const { from, to } = selection();
    if (ctrlKey && keyCode === KeyCode.KeyC && from === to) props.onCancel?.();
  });
  leaveByEscapeAndTab(it, props);
}

/** Esc, then Tab: out of the editor, whatever Tab does there else. */
function leaveByEscapeAndTab(it: editor.IStandaloneCodeEditor, props: Shortcuts): void {
  let escaped = false;
  const set = (leaves: boolean) => it.updateOptions({ tabFocusMode: leaves || props.tabLeaves });
  it.onKeyDown(({ keyCode }) => {
    if (keyCode === KeyCode.Tab || keyCode === KeyCode.Shift) return;
    escaped = keyCode === KeyCode.Escape;
    set(escaped);
  });
  it.onDidBlurEditorText(() => {
    if (escaped) set(false);
    escaped = false;
  });
}
