import { createSignal, createUniqueId, For, onMount, Show } from 'solid-js';
import type { Prediction } from '../session/keep/keepsake.ts';
import { keepsakes } from '../session/keep/page-keep.ts';
import type { Snapshot } from '../session/snapshot.ts';
import { Choices, createChoice } from './Choices.tsx';
import { useFigure } from './figure-session.ts';
import { isRight, type QuizChoice } from './quiz.ts';
import './step.css';

const SURE = ['a guess', 'fairly sure', 'certain'] as const;

/** How well the reader knew what she knew: what she was sure of and got wrong is worth the most. */
const COMPARED: Readonly<Record<string, { readonly right: string; readonly wrong: string }>> = {
  'a guess': { right: 'A guess, and right.', wrong: 'You said it was a guess.' },
  'fairly sure': { right: 'You were fairly sure, and right.', wrong: 'You were fairly sure.' },
  certain: {
    right: 'You were certain, and right.',
    wrong: 'You were certain: this is the one to remember.',
  },
};

/** A statement whose answer, or whose waiting, makes an outcome known; `times`: not before it has been sent so often. */
interface Telling {
  readonly node: string;
  readonly session: string;
  readonly sql: string;
  readonly times?: number;
}

/** A statement that has been waiting for so long has answered the question too. */
const KNOWN_AFTER_US = 500_000;

/** Predict, then run: keeps what the reader said, and compares once the cluster has given the answer. */
export default function Predict(props: {
  figure: string;
  /** Stable: under it the answer is kept on the device. */
  id: string;
  question: string;
  choices: readonly QuizChoice[];
  /** Whether more than one choice can be right. */
  several?: boolean;
  knownBy: readonly Telling[];
}) {
  const { pick } = useFigure(props.figure);
  const group = createUniqueId();
  const { chosen, toggle } = createChoice(() => props.several ?? false);
  const [sure, setSure] = createSignal('');
  const [kept, setKept] = createSignal<Prediction | null>(null);
  const known = pick((s) => props.knownBy.every((step) => isKnown(s, step)));
  onMount(async () => {
    const before = await keepsakes.read('prediction', props.id);
    if (before) setKept((now) => now ?? before.contents);
  });

  const keep = (event: SubmitEvent) => {
    event.preventDefault();
    if (sure() === '' || (chosen().length === 0 && !props.several)) return;
    const prediction = { chosen: chosen(), sure: sure() };
    setKept(prediction);
    // One that cannot be kept on the device is still compared in this visit.
    void keepsakes.keep('prediction', props.id, prediction);
  };
  const again = () => {
    setKept(null);
    void keepsakes.forget('prediction', props.id);
  };
  const labels = (ids: readonly string[]) =>
    props.choices
      .filter(({ id }) => ids.includes(id))
      .map(({ label }) => label)
      .join(', ') || 'none of them';
  const right = () => props.choices.filter((choice) => choice.right).map(({ id }) => id);
  const verdict = ({ chosen, sure }: Prediction) => {
    const compared = COMPARED[sure];
    return isRight(props, chosen)
      ? `As you said: ${labels(right())}. ${compared?.right ?? ''}`
      : `You said ${labels(chosen)}. The cluster says: ${labels(right())}. ${compared?.wrong ?? ''}`;
  };

  return (
    <form
      class="step predict"
      data-figure={props.figure}
      onSubmit={keep}
      aria-label={`Prediction: ${props.question}`}
    >
      <fieldset disabled={kept() !== null}>
        <legend>
          <span class="eyebrow">Predict, then run</span>
          {props.question}
        </legend>
        <Choices
          of={props.choices}
          several={props.several ?? false}
          chosen={kept()?.chosen ?? chosen()}
          toggle={toggle}
        />
      </fieldset>
      <Show
        when={kept()}
        fallback={
          <div class="sure">
            <fieldset>
              <legend>How sure are you?</legend>
              <For each={SURE}>
                {(level) => (
                  <label class="option">
                    <input
                      type="radio"
                      name={`${group}-sure`}
                      required
                      onChange={() => setSure(level)}
                    />
                    <span>{level}</span>
                  </label>
                )}
              </For>
            </fieldset>
            <button type="submit" class="act">
              Keep my prediction
            </button>
          </div>
        }
      >
        {(prediction) => (
          <div class="compared" role="status">
            <Show
              when={known()}
              fallback={
                <p>
                  Kept: {labels(prediction().chosen)}, {prediction().sure}. Now ask the database.
                </p>
              }
            >
              <p class="verdict" data-right={isRight(props, prediction().chosen)}>
                {verdict(prediction())}
              </p>
              <ul>
                <For
                  each={props.choices.filter(
                    ({ id }) => right().includes(id) || prediction().chosen.includes(id),
                  )}
                >
                  {(choice) => (
                    <li>
                      <strong>{choice.label}.</strong> {choice.why}
                    </li>
                  )}
                </For>
              </ul>
            </Show>
            <button type="button" class="act quiet" onClick={again}>
              Predict again
            </button>
          </div>
        )}
      </Show>
    </form>
  );
}

function isKnown({ statements, view }: Snapshot, { node, session, sql, times = 1 }: Telling) {
  const sent = statements.filter((s) => s.node === node && s.session === session && s.sql === sql);
  const last = sent.at(-1);
  if (!last || !view || sent.length < times) return false;
  return last.state !== 'running' || view.now - last.sentAt > KNOWN_AFTER_US;
}
