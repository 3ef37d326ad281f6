import { createMemo, For } from 'solid-js';
import { readPatroniYml } from '../../../ha/patroni-yml/patroni-yml.ts';
import { lineOf } from '../../../ha/patroni-yml/problem.ts';
import type { PatroniYmlQuestion } from '../../../lab/answers.ts';
import { YmlEditor } from '../../editor/YmlEditor.tsx';
import { Inline } from '../Inline.tsx';
import { YmlTrial } from './YmlTrial.tsx';
import './yml-answer.css';

/** A patroni.yml for all nodes: what Patroni says of it, and what comes of it on the schedules that one may see. */
export function YmlAnswer(props: {
  question: PatroniYmlQuestion;
  /** The way to the primary that she has chosen. */
  route: string;
  text: string;
  onChange: (text: string) => void;
}) {
  const read = createMemo(() => readPatroniYml(props.text));
  let tryIt = () => {};
  return (
    <div class="yml-answer">
      <h3>
        <Inline text={props.question.ask} />
      </h3>
      <YmlEditor
        label="patroni.yml of all three nodes"
        value={props.text}
        onChange={props.onChange}
        onRun={() => tryIt()}
        problems={read().problems}
        rows={27}
      />
      <ul class="yml-problems" aria-live="polite" aria-label="What Patroni says of it">
        <For each={read().problems} fallback={<li>Patroni reads all of it.</li>}>
          {({ from, severity, message }) => (
            <li data-severity={severity}>
              <strong>Line {lineOf(props.text, from)}:</strong> <Inline text={message} />
            </li>
          )}
        </For>
      </ul>
      <YmlTrial
        text={props.text}
        route={props.route}
        schedules={props.question.tries}
        ready={(run) => {
          tryIt = run;
        }}
      />
    </div>
  );
}
