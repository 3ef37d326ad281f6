import { createSignal, createUniqueId, For, onMount, Show } from 'solid-js';
import type { Prediction } from '../session/keep/keepsake.ts';
import { keepsakes } from '../session/keep/page-keep.ts';
import { lastSent, type Snapshot } from '../session/snapshot.ts';
import { useFigure } from './figure-session.ts';
import './step.css';

interface Choice {
  readonly id: string;
  readonly label: string;
  /** Why it is so, or why it was tempting. */
  readonly why: string;
  readonly right?: boolean;
}

const SURE = ['a guess', 'fairly sure', 'certain'] as const;
/** A statement that has been waiting for so long has answered the question too. */
const KNOWN_AFTER_US = 500_000;

/** Predict, then run: keeps what the reader said, and compares once the cluster has given the answer. */
export default function Predict(props: {
  figure: string;
  /** Stable: under it the answer is kept on the device. */
  id: string;
  question: string;
  choices: readonly Choice[];
  /** Whether more than one choice can be right. */
  several?: boolean;
  /** Statements whose answers, or whose waiting, make the outcome known. */
  knownBy: readonly { readonly node: string; readonly session: string; readonly sql: string }[];
}) {
  const { pick } = useFigure(props.figure);
  const group = createUniqueId();
  const [chosen, setChosen] = createSignal<readonly string[]>([]);
  const [sure, setSure] = createSignal('');
  const [kept, setKept] = createSignal<Prediction | null>(null);
  const known = pick((s) => props.knownBy.every((step) => isKnown(s, step)));
  onMount(async () => {
    const before = await keepsakes.read('prediction', props.id);
    if (before) setKept((now) => now ?? before.contents);
  });

  const toggle = (id: string, on: boolean) => {
    if (!props.several) setChosen([id]);
    else setChosen(on ? [...chosen(), id] : chosen().filter((other) => other !== id));
  };
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
  const isRight = (prediction: Prediction) =>
    props.choices.every(({ id, right = false }) => prediction.chosen.includes(id) === right);

  return (
    <form class="step predict" onSubmit={keep} aria-label={`Prediction: ${props.question}`}>
      <fieldset disabled={kept() !== null}>
        <legend>
          <span class="eyebrow">Predict, then run</span>
          {props.question}
        </legend>
        <For each={props.choices}>
          {(choice) => (
            <label class="choice">
              <input
                type={props.several ? 'checkbox' : 'radio'}
                name={`${group}-choice`}
                value={choice.id}
                checked={(kept()?.chosen ?? chosen()).includes(choice.id)}
                onChange={(event) => toggle(choice.id, event.currentTarget.checked)}
              />
              <span>{choice.label}</span>
            </label>
          )}
        </For>
      </fieldset>
      <Show
        when={kept()}
        fallback={
          <div class="sure">
            <fieldset>
              <legend>How sure are you?</legend>
              <For each={SURE}>
                {(level) => (
                  <label class="choice">
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
              <p class="verdict" data-right={isRight(prediction())}>
                {isRight(prediction())
                  ? `As you said (${prediction().sure}): ${labels(right())}.`
                  : `You said ${labels(prediction().chosen)} (${prediction().sure}). The cluster says: ${labels(right())}.`}
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

function isKnown(
  { statements, view }: Snapshot,
  step: { readonly node: string; readonly session: string; readonly sql: string },
): boolean {
  const sent = lastSent(statements, step.node, step.session, step.sql);
  if (!sent || !view) return false;
  return sent.state !== 'running' || view.now - sent.sentAt > KNOWN_AFTER_US;
}
