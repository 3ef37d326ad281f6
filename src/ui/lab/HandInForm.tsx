import { createSignal, createUniqueId, onMount, Show } from 'solid-js';
import { type CheckedWork, isWorkOf } from '../../session/lab-progress.ts';
import { download } from '../download.ts';
import { useFigure } from '../figure-session.ts';
import { clockTime } from '../time-words.ts';
import { useLab } from './lab-state.ts';
import { actions, verdictInWords } from './lab-words.ts';

const NAME = 'learner';

/** What the file to hand in holds, the learner's name, and the button that writes it. */
export function HandInForm(props: { checked: CheckedWork }) {
  const { facts, figure, hints, progress } = useLab();
  const { pick } = useFigure(figure);
  const record = pick((s) => (s.phase === 'asleep' ? null : s.record));
  const field = createUniqueId();
  const [name, setName] = createSignal('');
  const [told, setTold] = createSignal('');
  onMount(async () => {
    const { drafts } = await import('../../session/keep/page-drafts.ts');
    setName((await drafts.read(NAME, 'name')) || name());
  });
  const type = async (text: string) => {
    setName(text);
    const { drafts } = await import('../../session/keep/page-drafts.ts');
    drafts.write(NAME, 'name', text);
  };
  const handIn = async (event: SubmitEvent) => {
    event.preventDefault();
    const { checked } = props;
    const { solutionShown } = progress();
    const learner = name().trim();
    if (learner === '') return;
    const { submissionText } = await import('../../session/submission.ts');
    const claimed = Object.fromEntries(
      checked.verdicts.map(({ check, judgement }) => [check, judgement.outcome]),
    );
    const file = `${facts.name}.${fileName(learner)}.standby-submission.json`;
    const lab = { name: facts.name, version: facts.version };
    download(
      file,
      submissionText(
        { lab, learner, claimed, hints: hints(), solutionShown },
        checked.record,
        checked.hashes,
      ),
    );
    setTold(`Written: ${file}. Give it to your instructor.`);
  };
  return (
    <form onSubmit={(event) => void handIn(event)}>
      <p>The file holds, and nothing else:</p>
      <ul>
        <li>your name as you type it;</li>
        <li>
          the lab, its version {facts.version}, the seed {facts.seeds[0]}, and the work that was
          checked last: {actions(props.checked.record.actions.length)} with their instants, up to{' '}
          {clockTime(props.checked.record.until)}, every statement that you typed among them;
        </li>
        <li>
          what this page said of it ({verdictInWords(props.checked.verdicts)}) and digests of the
          WAL and of what happened: whoever does the work again must come to the same;
        </li>
        <li>
          that you opened {hints()} of {facts.hints} hints, and{' '}
          {progress().solutionShown ? 'saw the solutions' : 'did not see the solutions'}.
        </li>
      </ul>
      <Show when={stale()}>
        <p>
          <strong>Your run has changed since it was checked.</strong> The file holds what was
          checked. Check again to hand in what you have now.
        </p>
      </Show>
      <div class="tool-row">
        <label for={field}>Your name</label>
        <input
          id={field}
          type="text"
          required
          maxlength="200"
          autocomplete="name"
          value={name()}
          onInput={(event) => void type(event.currentTarget.value)}
        />
        <button type="submit" class="act primary">
          Write the file
        </button>
      </div>
      <p role="status">{told()}</p>
    </form>
  );

  function stale(): boolean {
    const run = record();
    return run !== null && !isWorkOf(props.checked, run);
  }
}

/** A name as part of a file's name: letters and digits of any script. */
const fileName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60) || 'learner';
