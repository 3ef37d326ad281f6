import { Show } from 'solid-js';
import type { Operation } from '../../grading/operation.ts';
import type { ExperimentResult } from '../../session/experiment-protocol.ts';
import type { Instant } from '../../sim/instant.ts';
import { clockTime } from '../time-words.ts';
import { HistoryDrawing } from './HistoryDrawing.tsx';

/** One thing that was found, in words and drawn, and the way to the run in which it can be seen. */
export function Shown(props: {
  result: ExperimentResult;
  title: string;
  words: string;
  at: Instant;
  named: readonly Operation[];
  /** Opens the run at a moment. */
  open: (at: Instant) => void;
}) {
  return (
    <section class="found" aria-label={props.title}>
      <h3>{props.title}</h3>
      <p>{props.words}</p>
      <HistoryDrawing history={props.result.history} named={props.named} />
      <Show when={props.at > 0}>
        <button type="button" class="act" onClick={() => props.open(props.at)}>
          Open this run at {clockTime(props.at)}
        </button>
      </Show>
    </section>
  );
}
