import { createSignal, For, Show } from 'solid-js';
import type { Keepsake } from '../../session/keep/keepsake.ts';
import { keepsakes } from '../../session/keep/page-keep.ts';
import { work } from '../../session/keep/page-work.ts';
import {
  MAX_PROGRESS_BYTES,
  progressFileName,
  progressText,
} from '../../session/keep/progress-file.ts';
import { type Change, isTakenUnasked } from '../../session/keep/progress-preview.ts';
import { download } from '../download.ts';
import { ServerText } from '../Pieces.tsx';
import { dayAndTime } from '../time-words.ts';
import { Changes, keyOfChange } from './Changes.tsx';
import { counted } from './thing-words.ts';
import type { WorkOutline } from './work-outline.ts';

interface Preview {
  readonly file: string;
  readonly savedAt: string;
  readonly changes: readonly Change[];
  readonly refused: readonly string[];
}

/** All work as one file: taken away, brought back after a look at what it would change, and undone. */
export function WorkFile(props: {
  outline: WorkOutline;
  imports: readonly Keepsake<'replaced'>[];
  changed: () => Promise<void>;
}) {
  const [preview, setPreview] = createSignal<Preview | null>(null);
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const [said, setSaid] = createSignal('');
  const [failed, setFailed] = createSignal('');
  let heading: HTMLHeadingElement | undefined;
  const say = (words: string, failure = '') => {
    setSaid(words);
    setFailed(failure);
  };

  const exportAll = async () => {
    const savedAt = new Date().toISOString();
    const all = await keepsakes.list();
    download(progressFileName(savedAt), progressText(all, savedAt));
    say('Exported. Keep the file where your other work is.');
  };
  const read = async (field: HTMLInputElement) => {
    const file = field.files?.[0];
    if (!file) return;
    setPreview(null);
    try {
      if (file.size > MAX_PROGRESS_BYTES)
        throw new Error(
          `${file.name} has ${Math.round(file.size / 1e6)} MB; progress has at most ${MAX_PROGRESS_BYTES / 1e6} MB. Choose a file that “Export everything” has written.`,
        );
      const schema = await import('../../session/keep/progress-file-schema.ts');
      const { items, refused, savedAt } = schema.parseProgressFile(await file.text(), file.name);
      const changes = await work.preview(items);
      setPreview({ file: file.name, savedAt, changes, refused });
      setChosen(new Set(changes.filter(isTakenUnasked).map(keyOfChange)));
      say('');
      heading?.focus();
    } catch (error) {
      say('', (error as Error).message);
    }
    field.value = '';
  };
  const choose = (keys: readonly string[], on: boolean) => {
    const next = new Set(chosen());
    for (const key of keys) on ? next.add(key) : next.delete(key);
    setChosen(next);
  };
  const take = async ({ file, changes }: Preview) => {
    const items = changes.filter((change) => chosen().has(keyOfChange(change)));
    const refusal = await work.take(
      items.map(({ incoming }) => incoming),
      file,
    );
    if (refusal) return say('', `Nothing was taken over: ${refusal}.`);
    setPreview(null);
    say(`Taken over from ${file}: ${counted(items.length, 'thing')}.`);
    await props.changed();
  };
  const undo = async (done: Keepsake<'replaced'>) => {
    const refusal = await work.undo(done);
    if (refusal) return say('', `The import is not undone: ${refusal}.`);
    say(`Undone: all is as it was before ${done.contents.file}.`);
    await props.changed();
  };
  const forget = async (done: Keepsake<'replaced'>) => {
    await work.forget(done);
    say(`What ${done.contents.file} had replaced is forgotten.`);
    await props.changed();
  };

  return (
    <section class="work-file" aria-labelledby="work-file">
      <h2 id="work-file">Take it with you</h2>
      <p>
        One file holds everything: runs, earlier runs, answers, predictions, drafts, labs. Open it
        in another browser, on another device, or here after this browser has cleared its storage.
      </p>
      <div class="tool-row">
        <button type="button" class="act primary" onClick={() => void exportAll()}>
          Export everything
        </button>
        <label class="act file">
          Import a file
          <input
            type="file"
            accept=".json,application/json"
            onChange={(event) => void read(event.currentTarget)}
          />
        </label>
      </div>
      <p class="said" role="status">
        <ServerText text={said()} />
      </p>
      <div role="alert">
        <Show when={failed()}>
          <p class="failed">
            <ServerText text={failed()} />
          </p>
        </Show>
      </div>
      <Show when={preview()}>
        {(shown) => (
          <section class="preview" aria-label="What the file would change">
            <h3 ref={heading} tabindex="-1">
              <ServerText text={shown().file} />, saved {dayAndTime(shown().savedAt)}
            </h3>
            <Show when={shown().refused.length > 0}>
              <details class="refused">
                <summary>
                  {counted(shown().refused.length, 'thing')} in it cannot be used, and is left out
                </summary>
                <ul>
                  <For each={shown().refused.slice(0, 50)}>
                    {(words) => (
                      <li>
                        <ServerText text={words} />
                      </li>
                    )}
                  </For>
                </ul>
              </details>
            </Show>
            <Changes
              changes={shown().changes}
              chosen={chosen()}
              choose={choose}
              outline={props.outline}
            />
            <div class="tool-row">
              <button
                type="button"
                class="act primary"
                disabled={chosen().size === 0}
                onClick={() => void take(shown())}
              >
                Take over {counted(chosen().size, 'thing')}
              </button>
              <button type="button" class="act" onClick={() => setPreview(null)}>
                Leave all as it is
              </button>
            </div>
          </section>
        )}
      </Show>
      <Show when={props.imports.length > 0}>
        <ul class="imports" aria-label="Imports that can be undone">
          <For each={props.imports}>
            {(done) => (
              <li>
                <p>
                  <ServerText text={done.contents.file} />, taken over {dayAndTime(done.savedAt)}.
                  What it replaced is kept.
                </p>
                <div class="tool-row">
                  <button type="button" class="act" onClick={() => void undo(done)}>
                    Undo this import
                  </button>
                  <button type="button" class="act" onClick={() => void forget(done)}>
                    Forget what it replaced
                  </button>
                </div>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}
