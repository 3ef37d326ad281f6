import { For, Show } from 'solid-js';
import type { Verdict } from '../../grading/verdict.ts';
import type { CheckedWork } from '../../session/lab-progress.ts';
import { isLab } from '../../session/run-spec.ts';
import { secondOf } from '../../soak/fault-words.ts';
import { clockTime } from '../time-words.ts';
import { Inline } from './Inline.tsx';
import { useLab } from './lab-state.ts';

const OUTCOMES = {
  pass: { mark: '✓', word: 'passes' },
  fail: { mark: '✗', word: 'fails' },
  inconclusive: { mark: '?', word: 'cannot be decided' },
} as const;

/** Each check with what is said of it, and the way to the moment in which it can be seen. */
export function VerdictList(props: { checked: CheckedWork }) {
  const { facts } = useLab();
  return (
    <ul class="verdicts">
      <For each={props.checked.verdicts}>
        {(verdict) => (
          <li data-outcome={verdict.judgement.outcome}>
            <span class="verdict-mark" aria-hidden="true">
              {OUTCOMES[verdict.judgement.outcome].mark}
            </span>
            <div>
              <h4>
                {facts.checks.find(({ id }) => id === verdict.check)?.claim ?? verdict.check}
                <span class="visually-hidden">: {OUTCOMES[verdict.judgement.outcome].word}</span>
              </h4>
              <p>
                {/* Others quote statements, in which an asterisk is one. */}
                <Show when={scheduleOf(verdict)} fallback={verdict.judgement.words}>
                  <Inline text={verdict.judgement.words} />
                </Show>
              </p>
              <Seen verdict={verdict} checked={props.checked} />
            </div>
          </li>
        )}
      </For>
    </ul>
  );
}

const scheduleOf = ({ judgement }: Verdict) =>
  judgement.outcome === 'pass' ? undefined : judgement.schedule;

function Seen(props: { verdict: Verdict; checked: CheckedWork }) {
  const { facts, show, showSchedule } = useLab();
  const seed = () => props.verdict.seed;
  const named = () => (seed() === facts.seeds[0] ? `your seed, ${seed()}` : `seed ${seed()}`);
  const run = () =>
    props.checked.graded.find(({ spec }) => isLab(spec) && spec.seed === seed()) ?? null;
  const judgement = () => {
    const { judgement: said } = props.verdict;
    return said.outcome === 'pass' ? null : said;
  };
  return (
    <Show when={judgement()}>
      {(said) => (
        <Show
          when={said().schedule}
          fallback={
            <div class="tool-row">
              <Show when={run()}>
                {(record) => (
                  <button
                    type="button"
                    class="act"
                    onClick={() =>
                      show(`The graded run of ${named()}`, said().words, record(), said().at)
                    }
                  >
                    Open this moment
                    <span class="visually-hidden">: {clockTime(said().at)}</span>
                  </button>
                )}
              </Show>
              <span class="soft">
                {clockTime(said().at)} on {named()}
              </span>
            </div>
          }
        >
          {(schedule) => (
            <div class="tool-row">
              <button
                type="button"
                class="act"
                onClick={() =>
                  showSchedule(`Schedule ${schedule().number}`, said().words, schedule())
                }
              >
                Open this moment
                <span class="visually-hidden">
                  : {secondOf(said().at)} of schedule {schedule().number}
                </span>
              </button>
              <span class="soft">
                {secondOf(said().at)} of schedule {schedule().number}, the smallest that breaks it
              </span>
            </div>
          )}
        </Show>
      )}
    </Show>
  );
}
