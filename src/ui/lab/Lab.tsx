import { createEffect, lazy, on, Show, Suspense } from 'solid-js';
import Figure from '../Figure.tsx';
import { useFigure } from '../figure-session.ts';
import { Check } from './Check.tsx';
import { Exhibition } from './Exhibition.tsx';
import { HandIn } from './HandIn.tsx';
import { Hints } from './Hints.tsx';
import { LabHead } from './LabHead.tsx';
import { type LabFacts, ownSpec } from './lab-facts.ts';
import { createLabState, LabContext } from './lab-state.ts';
import './lab.css';

const ScheduleExhibition = lazy(async () => ({
  default: (await import('./schedule/ScheduleExhibition.tsx')).ScheduleExhibition,
}));
const Questions = lazy(async () => ({ default: (await import('./Questions.tsx')).Questions }));

/** A lab at work: the learner's own run, what is asked of her, what is said of it, and the way to hand it in. */
export default function Lab(props: {
  facts: LabFacts;
  /** Bytes to fetch before the cluster runs, as the server sends them. */
  download: number;
}) {
  const { facts } = props;
  const state = createLabState(facts);
  const { pick } = useFigure(state.figure);
  const started = pick((s) => s.view !== null && s.phase !== 'asleep');
  let desk: HTMLDivElement | undefined;
  createEffect(
    on(
      state.exhibit,
      (shown, before) => {
        if (shown || before) desk?.scrollIntoView({ block: 'start' });
      },
      { defer: true },
    ),
  );
  return (
    <LabContext.Provider value={state}>
      <div class="lab wide" ref={desk}>
        <Show when={state.exhibit()} keyed>
          {(exhibit) =>
            exhibit.kind === 'run' ? (
              <Exhibition exhibit={exhibit} download={props.download} />
            ) : (
              <Suspense>
                <ScheduleExhibition exhibit={exhibit} />
              </Suspense>
            )
          }
        </Show>
        <div class="lab-own" hidden={state.exhibit() !== null}>
          <LabHead />
          <Figure
            id={state.figure}
            title="Your run"
            cluster={ownSpec(facts)}
            terminals={facts.terminals}
            layout="full"
            download={props.download}
          />
          <Show when={started() && facts.questions.length > 0}>
            <Suspense>
              <Questions />
            </Suspense>
          </Show>
        </div>
        <Check />
        <div class="lab-aside">
          <Hints />
          <HandIn />
        </div>
      </div>
    </LabContext.Provider>
  );
}
