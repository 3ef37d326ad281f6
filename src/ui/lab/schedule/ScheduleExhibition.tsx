import { onMount } from 'solid-js';
import { secondOf } from '../../../soak/fault-words.ts';
import { Inline } from '../Inline.tsx';
import { type ScheduleExhibit, useLab } from '../lab-state.ts';
import { ScheduleReplay } from './ScheduleReplay.tsx';

/** A schedule on which the learner’s work broke a promise, in place of her run. */
export function ScheduleExhibition(props: { exhibit: ScheduleExhibit }) {
  const { back } = useLab();
  let heading: HTMLHeadingElement | undefined;
  onMount(() => heading?.focus());
  return (
    <section class="exhibition" aria-labelledby="exhibition-title">
      <header class="exhibition-head">
        <div class="exhibition-words">
          <h2 id="exhibition-title" tabindex="-1" ref={heading}>
            {props.exhibit.title}, at {secondOf(props.exhibit.schedule.at)}
          </h2>
          <p>
            <Inline text={props.exhibit.words} />
          </p>
          <p class="soft">
            This is not your run: yours stands still and is as you left it. The same work on the
            same schedule is the same run, to the microsecond.
          </p>
          <div class="tool-row">
            <button type="button" class="act primary" onClick={back}>
              Back to your run
            </button>
          </div>
        </div>
      </header>
      <ScheduleReplay schedule={props.exhibit.schedule} />
    </section>
  );
}
