import { createEffect, onCleanup, onMount } from 'solid-js';
import { completeFrom } from './completion-provider.ts';
import { addShortcuts } from './editor-shortcuts.ts';
import { followTheme, THEME } from './editor-theme.ts';
import { helpWith } from './help-provider.ts';
import { editor, MarkerSeverity } from './monaco.ts';
import type { SqlEditorProps, SqlMarker } from './sql-editor.ts';
import type { Selection } from './sql-to-run.ts';

export interface MonacoFieldProps extends SqlEditorProps {
  /** Where the caret stood in the text area that the editor takes the place of; null where it had no focus. */
  readonly takeOver: Selection | null;
  readonly screenReader: boolean;
  readonly tabLeaves: boolean;
  readonly onTabLeaves: (leaves: boolean) => void;
}

const MARKERS_OF = 'server';
const LINE_HEIGHT = 22;
const MOST_LINES = 12;
const SEVERITY = { error: MarkerSeverity.Error, warning: MarkerSeverity.Warning } as const;
const still = matchMedia('(prefers-reduced-motion: reduce)');

/** The editor as Monaco. */
export default function MonacoField(props: MonacoFieldProps) {
  let place: HTMLDivElement | undefined;

  onMount(() => {
    if (!place) return;
    followTheme();
    const it = editor.create(place, {
      ...optionsOf(props, getComputedStyle(place).fontFamily),
      value: props.value,
    });
    const model = it.getModel();
    if (!model) throw new Error('an editor was made without a text');
    onCleanup(() => {
      it.dispose();
      model.dispose();
    });
    if (props.language === undefined)
      onCleanup(completeFrom(model, () => props.schema?.() ?? Promise.resolve(null)));
    if (props.help) onCleanup(helpWith(model, props.help));
    props.control?.({ selectAll: () => it.setSelection(model.getFullModelRange()) });
    addShortcuts(it, props);
    fitHeight(it, place, props.rows ?? 1);
    it.onDidChangeModelContent(() => props.onChange(model.getValue()));

    // One effect for both: a mark belongs to the text that it was found in.
    createEffect(() => {
      takeText(it, model, props.value);
      const markers = (props.markers ?? []).map((marker) => markerAt(model, marker));
      editor.setModelMarkers(model, MARKERS_OF, markers);
    });
    createEffect(() => {
      it.updateOptions({
        ariaLabel: props.label,
        tabFocusMode: props.tabLeaves,
        accessibilitySupport: props.screenReader ? 'on' : 'auto',
      });
    });
    if (props.prompts) {
      createEffect(() => {
        const prompts = props.prompts?.(props.value) ?? [];
        it.updateOptions({
          lineNumbers: (line) => prompts[line - 1] ?? '',
          lineNumbersMinChars: Math.max(...prompts.map(({ length }) => length)),
        });
      });
    }
    if (props.takeOver) {
      const { from, to } = props.takeOver;
      it.setSelection(rangeOf(model, from, to));
      it.focus();
    }
  });

  return <div class="monaco-place" ref={place} />;
}

type Model = editor.ITextModel;

/** As an edit like one that was typed, so that Ctrl+Z brings back what stood there. */
function takeText(it: editor.IStandaloneCodeEditor, model: Model, text: string): void {
  if (text === model.getValue()) return;
  it.pushUndoStop();
  it.executeEdits('value', [{ range: model.getFullModelRange(), text }]);
  it.pushUndoStop();
  it.setPosition(model.getFullModelRange().getEndPosition());
}

function rangeOf(model: Model, from: number, to: number) {
  const start = model.getPositionAt(from);
  const end = model.getPositionAt(to);
  return {
    startLineNumber: start.lineNumber,
    startColumn: start.column,
    endLineNumber: end.lineNumber,
    endColumn: end.column,
  };
}

function markerAt(model: Model, marker: SqlMarker): editor.IMarkerData {
  return {
    ...rangeOf(model, marker.from, marker.to),
    message: marker.message,
    severity: SEVERITY[marker.severity],
  };
}

/** As high as its text, up to a bound; what opens inside may be as wide as all of it. */
function fitHeight(it: editor.IStandaloneCodeEditor, place: HTMLElement, rows: number): void {
  const grow = () => {
    const padding = it.getContentHeight() % LINE_HEIGHT;
    const height = Math.max(rows * LINE_HEIGHT + padding, it.getContentHeight());
    place.style.height = `${Math.min(height, Math.max(MOST_LINES, rows) * LINE_HEIGHT + padding)}px`;
  };
  it.onDidContentSizeChange(grow);
  grow();
  const tellWidth = ({ width }: editor.EditorLayoutInfo) =>
    place.style.setProperty('--editor-width', `${width}px`);
  it.onDidLayoutChange(tellWidth);
  tellWidth(it.getLayoutInfo());
}

const optionsOf = (
  props: MonacoFieldProps,
  fontFamily: string,
): editor.IStandaloneEditorConstructionOptions => ({
  language: props.language ?? 'pgsql',
  theme: THEME,
  ariaLabel: props.label,
  automaticLayout: true,
  fontFamily,
  fontSize: 14,
  lineHeight: LINE_HEIGHT,
  padding: { top: 10, bottom: 10 },
  placeholder: props.placeholder ?? '',
  tabFocusMode: props.tabLeaves,
  lineNumbers: props.language === undefined ? 'off' : 'on',
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 10,
  glyphMargin: false,
  folding: false,
  minimap: { enabled: false },
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  overviewRulerBorder: false,
  renderLineHighlight: 'none',
  renderFinalNewline: 'on',
  scrollBeyondLastLine: false,
  scrollbar: {
    alwaysConsumeMouseWheel: false,
    verticalScrollbarSize: 10,
    horizontalScrollbarSize: 10,
  },
  wordWrap: 'on',
  stickyScroll: { enabled: false },
  // The suggestions must not be cut off by the terminal's edge.
  fixedOverflowWidgets: true,
  // A menu in a shadow tree would need a style element of its own.
  useShadowDOM: false,
  // With a text area underneath, assistive technology and on-screen keyboards find what they know.
  editContext: false,
  wordBasedSuggestions: 'off',
  // A plain value of YAML is a string to Monaco.
  quickSuggestions: { other: true, comments: false, strings: props.language === 'yaml' },
  // Enter sends a statement; it takes a suggestion only where that changes what is typed.
  acceptSuggestionOnEnter: 'smart',
  suggestFontSize: 13,
  suggestLineHeight: LINE_HEIGHT,
  suggest: { showWords: false, showStatusBar: false, preview: false },
  links: false,
  occurrencesHighlight: 'off',
  selectionHighlight: false,
  bracketPairColorization: { enabled: false },
  guides: { indentation: false, bracketPairs: false },
  autoClosingBrackets: 'never',
  autoClosingQuotes: 'never',
  tabSize: 2,
  cursorBlinking: still.matches ? 'solid' : 'blink',
  cursorSmoothCaretAnimation: 'off',
  smoothScrolling: false,
  find: { addExtraSpaceOnTop: false },
});
