import { Show } from 'solid-js';
import { exportRun } from './download.ts';
import { EarlierWork } from './EarlierWork.tsx';
import { useFigure } from './figure-session.ts';
import { Share } from './Share.tsx';
import './keep.css';

/** No run is so large; what a person has chosen by mistake may fill the memory. */
const MAX_BYTES = 50_000_000;

const base = import.meta.env.BASE_URL.replace(/\/?$/, '/');

/** Takes the run away and brings one back, as a file or as a link: for another device, a bug report, a teacher. */
export function RunFile(props: { figure: string }) {
  const { session, pick } = useFigure(props.figure);
  const shownOnly = pick((s) => s.exhibit !== null);
  const load = async (field: HTMLInputElement) => {
    const file = field.files?.[0];
    if (file && file.size > MAX_BYTES)
      session.exchange.refuse(
        `${file.name} has ${Math.round(file.size / 1e6)} MB; a run has at most ${MAX_BYTES / 1e6} MB. Choose a file that “Export run” has written.`,
      );
    else if (file) await session.exchange.read(await file.text(), file.name);
    field.value = '';
  };
  return (
    <section class="run-file" aria-label="This run, to take away or to bring back">
      <div class="tool-row">
        <button type="button" class="act" onClick={() => void exportRun(session, props.figure)}>
          Export run
        </button>
        <Show when={!shownOnly()}>
          <label class="act file">
            Import run
            <input
              type="file"
              accept=".json,application/json"
              onChange={(event) => void load(event.currentTarget)}
            />
          </label>
        </Show>
        <Share figure={props.figure} />
      </div>
      <Show when={!shownOnly()}>
        <EarlierWork figure={props.figure} />
        <a href={`${base}progress/`}>All of your work on this device</a>
      </Show>
    </section>
  );
}
