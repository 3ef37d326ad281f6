import { createSignal, createUniqueId, For, lazy, onMount, Show, Suspense } from 'solid-js';
import type { Prediction } from '../session/keep/keepsake.ts';
import { keepsakes } from '../session/keep/page-keep.ts';
import { Choices, createChoice } from './Choices.tsx';
import type { QuizChoice } from './quiz.ts';
import './step.css';
import type { Snapshot } from '../session/snapshot.ts';
import { useFigure } from './figure-session.ts';

// What compares is fetched with the first prediction that is kept.
const Compared = lazy(async () => ({ default: (await import('./Compared.tsx')).Compared }));

const SURE = ['a guess', 'fairly sure', 'certain'] as const;

/** A prediction: keeps what the reader said and how sure she was, and compares once the answer is known. */
export function PredictionForm(props: {
  /** The figure that it is about, for what is clicked before the page is alive. */
  figure?: string;
  /** Stable: under it the answer is kept on the device. */
  id: string;
  question: string;
  choices: readonly QuizChoice[];
  /** Whether more than one choice can be right. */
  several: boolean;
  known: boolean;
}) {
  const group = createUniqueId();
  const { chosen, toggle } = createChoice(() => props.several);
  const [sure, setSure] = createSignal('');
  const [kept, setKept] = createSignal<Prediction | null>(null);
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
          several={props.several}
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
            <Suspense>
              <Compared prediction={prediction()} choices={props.choices} known={props.known} />
            </Suspense>
            <button type="button" class="act quiet" onClick={again}>
              Predict again
            </button>
          </div>
        )}
      </Show>
    </form>
  );
}

/** A statement whose answer, or whose waiting, makes an outcome known; `times`: not before it has been sent so often. */
interface Telling {
  readonly node: string;
  readonly session: string;
  readonly sql: string;
  readonly times?: number;
}

/** A statement that has been waiting for so long has answered the question too. */
const KNOWN_AFTER_US = 500_000;

/** Predict, then run: compares once the cluster has given the answer. */
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
  const known = pick((s) => props.knownBy.every((step) => isKnown(s, step)));
  return (
    <PredictionForm
      figure={props.figure}
      id={props.id}
      question={props.question}
      choices={props.choices}
      several={props.several ?? false}
      known={known()}
    />
  );
}

function isKnown({ statements, view }: Snapshot, { node, session, sql, times = 1 }: Telling) {
  const sent = statements.filter((s) => s.node === node && s.session === session && s.sql === sql);
  const last = sent.at(-1);
  if (!last || !view || sent.length < times) return false;
  return last.state !== 'running' || view.now - last.sentAt > KNOWN_AFTER_US;
}
