import { onMount, Show } from 'solid-js';
import Figure from '../Figure.tsx';
import { useFigure } from '../figure-session.ts';
import { clockTime } from '../time-words.ts';
import { Clients } from './Clients.tsx';
import { type RunExhibit, useLab } from './lab-state.ts';

/** A run in place of the learner's own: a graded one at a verdict's instant, or a solution's. Nothing can be done to it. */
export function Exhibition(props: { exhibit: RunExhibit; download: number }) {
  const { facts, back } = useLab();
  const { session, pick } = useFigure(props.exhibit.figure);
  const stands = pick((s) => s.phase === 'running');
  const elsewhere = pick((s) => s.lookingAt !== null && s.lookingAt !== props.exhibit.at);
  let heading: HTMLHeadingElement | undefined;
  onMount(() => heading?.focus());
  return (
    <section class="exhibition" aria-labelledby="exhibition-title">
      <header class="exhibition-head">
        <div class="exhibition-words">
          <h2 id="exhibition-title" tabindex="-1" ref={heading}>
            {props.exhibit.title}, at {clockTime(props.exhibit.at)}
          </h2>
          <p>{props.exhibit.words}</p>
          <p class="soft">
            This is not your run: yours stands still and is as you left it. Here you can look, step,
            play, and ask any node.
          </p>
          <div class="tool-row">
            <button type="button" class="act primary" onClick={back}>
              Back to your run
            </button>
            <Show when={stands() && elsewhere()}>
              <button type="button" class="act" onClick={() => session.look(props.exhibit.at)}>
                To {clockTime(props.exhibit.at)} again
              </button>
            </Show>
          </div>
        </div>
        <Show when={stands()}>
          <Clients figure={props.exhibit.figure} />
        </Show>
      </header>
      <Figure
        id={props.exhibit.figure}
        title={props.exhibit.title}
        cluster={props.exhibit.record.spec}
        terminals={facts.terminals}
        layout="full"
        download={props.download}
      />
    </section>
  );
}
