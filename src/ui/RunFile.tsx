import { runFileName } from '../session/run-file.ts';
import { useFigure } from './figure-session.ts';

/** Takes the run away as a file, and brings one back: for another device, a bug report, a teacher. */
export function RunFile(props: { figure: string }) {
  const { session } = useFigure(props.figure);
  const save = async () => {
    const text = await session.exportRun();
    if (text === null) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = runFileName(props.figure);
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const load = async (field: HTMLInputElement) => {
    const file = field.files?.[0];
    if (file) await session.exchange.read(await file.text());
    field.value = '';
  };
  return (
    <div class="run-file tool-row">
      <button type="button" class="act" onClick={save}>
        Export run
      </button>
      <label class="act file">
        Import run
        <input
          type="file"
          accept=".json,application/json"
          onChange={(event) => void load(event.currentTarget)}
        />
      </label>
    </div>
  );
}
