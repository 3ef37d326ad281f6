import {
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  onCleanup,
  onMount,
  Show,
  splitProps,
} from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { EditorFoot } from './EditorFoot.tsx';
import {
  chooseEditor,
  type EditorDevice,
  editorChoice,
  prefersPlain,
  thisDevice,
} from './editor-choice.ts';
import type MonacoField from './MonacoField.tsx';
import { PlainField } from './PlainField.tsx';
import type { SqlEditorProps } from './sql-editor.ts';
import type { Selection } from './sql-to-run.ts';
import './editor.css';

/** Not part of the build that makes the HTML: it would take the styles from the browser's, as if every page had them already. */
const loadMonaco = import.meta.env.SSR ? null : () => import('./MonacoField.tsx');

/** How far below the window an editor gets ready. */
const NEAR = '300px';

/**
 * A field for SQL: a text area at once, and Monaco in its place when the reader comes near, unless her device or she herself
 * prefers the text area. `children` stand beside it: the button that runs.
 */
export function SqlEditor(props: SqlEditorProps & { readonly children?: JSX.Element }) {
  const [, field] = splitProps(props, ['children']);
  const [Full, setFull] = createSignal<typeof MonacoField | null>(null);
  const [failed, setFailed] = createSignal(false);
  const [takeOver, setTakeOver] = createSignal<Selection | null>(null);
  const [device, setDevice] = createSignal<EditorDevice | null>(null);
  const plain = createMemo(() => {
    const here = device();
    return here === null || prefersPlain(editorChoice(), here);
  });
  let place: HTMLDivElement | undefined;
  let area: HTMLTextAreaElement | undefined;
  let wanted = false;

  const load = async () => {
    if (wanted || !loadMonaco) return;
    wanted = true;
    try {
      const module = await loadMonaco();
      if (area) await composed(area);
      setTakeOver(area && area === document.activeElement ? selectionOf(area) : null);
      setFull(() => module.default);
    } catch {
      // The text area does all that is needed; the reader is told in the line below it.
      setFailed(true);
    }
  };
  createEffect(() => {
    if (plain()) setTakeOver(null);
    else void load();
  });

  onMount(() => {
    if (!place) return;
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        near.disconnect();
        setDevice(thisDevice());
      },
      { rootMargin: NEAR },
    );
    near.observe(place);
    onCleanup(() => near.disconnect());
  });

  const full = () => (plain() ? null : Full());
  return (
    <div class="sql-editor" data-editor={full() ? 'full' : 'plain'} ref={place}>
      <div class="sql-field">
        <Show
          when={full()}
          fallback={
            <PlainField
              {...field}
              ref={(element) => {
                area = element;
              }}
            />
          }
        >
          {(Field) => (
            <Dynamic
              component={Field()}
              {...field}
              takeOver={takeOver()}
              tabLeaves={!editorChoice().tabIndents}
              onTabLeaves={(leaves: boolean) => chooseEditor({ tabIndents: !leaves })}
              screenReader={editorChoice().screenReader}
            />
          )}
        </Show>
      </div>
      {props.children}
      <EditorFoot
        full={full() !== null}
        failed={failed()}
        history={props.onHistory !== undefined}
      />
    </div>
  );
}

const selectionOf = (area: HTMLTextAreaElement): Selection => ({
  from: area.selectionStart,
  to: area.selectionEnd,
});

/** When no character is being composed there any more. */
function composed(area: HTMLTextAreaElement): Promise<void> {
  if (area.dataset.composing === undefined) return Promise.resolve();
  return new Promise((resolve) =>
    area.addEventListener('compositionend', () => setTimeout(resolve), { once: true }),
  );
}
