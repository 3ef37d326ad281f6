import { createMemo, createSignal, For, Show } from 'solid-js';
import { isRouteName, ROUTES } from '../../../ha/clients/routes.ts';
import { readPatroniYml } from '../../../ha/patroni-yml/patroni-yml.ts';
import { lineOf } from '../../../ha/patroni-yml/problem.ts';
import type { PatroniYmlQuestion } from '../../../lab/answers.ts';
import { type GovernorProof, planOf, proveGovernor } from '../../../soak/prove-governor.ts';
import { Inline } from '../Inline.tsx';
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
  return (
    <div class="yml-answer">
      <h3>
        <Inline text={props.question.ask} />
      </h3>
      <textarea
        aria-label="patroni.yml of all three nodes"
        rows={27}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        wrap="off"
        value={props.text}
        onInput={(event) => props.onChange(event.currentTarget.value)}
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
      <Trial text={props.text} route={props.route} schedules={props.question.tries} />
    </div>
  );
}

/** Between two schedules the page may draw. */
const breathe = () => new Promise((resolve) => setTimeout(resolve));

function Trial(props: { text: string; route: string; schedules: number }) {
  const [proofs, setProofs] = createSignal<readonly GovernorProof[]>([]);
  const [of, setOf] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const tried = () => `${props.route} ${props.text}`;
  const run = async () => {
    const { text, route, schedules } = props;
    const file = readPatroniYml(text);
    if (busy() || !file.starts || !isRouteName(route)) return;
    setBusy(true);
    setOf(tried());
    setProofs([]);
    for (let seed = 1; seed <= schedules; seed++) {
      setProofs([...proofs(), proveGovernor(planOf(file, ROUTES[route]), seed)]);
      await breathe();
    }
    setBusy(false);
  };
  const failing = () => proofs().filter(({ broken }) => broken.length > 0);
  return (
    <div class="yml-trial">
      <div class="tool-row">
        <button type="button" class="act" disabled={busy()} onClick={() => void run()}>
          Try it on {props.schedules} schedules
        </button>
        <p role="status">
          <Show when={proofs().length > 0} fallback="The other eighty come with “Check my work”.">
            {proofs().length} of {props.schedules} tried, {failing().length} break a promise
            {of() === tried() ? '.' : ', with an earlier file or way.'}
          </Show>
        </p>
      </div>
      <For each={failing()}>{(proof) => <Failing proof={proof} />}</For>
    </div>
  );
}

/** Lines that every turn of a loop leaves. */
const EVERYDAY = /^(?:Lock owner: |no action\. I am |Got response from )/;

function Failing(props: { proof: GovernorProof }) {
  const first = () => props.proof.schedule.firstAt;
  const lines = () =>
    props.proof.history.lines.filter(({ at, text }) => at >= first() && !EVERYDAY.test(text));
  return (
    <details class="tools">
      <summary>
        Schedule {props.proof.seed}: {props.proof.schedule.words.join(', and ')}
        <Show when={props.proof.schedule.withoutWatchdog}>
          {(node) => <>; {node()} has no watchdog device</>}
        </Show>
        . <For each={props.proof.broken}>{({ words }) => <strong>{words} </strong>}</For>
      </summary>
      <ol class="yml-log" tabindex="0" aria-label="Patroni’s log from the first trouble on">
        <For each={lines()}>
          {({ at, node, text }) => (
            <li>
              <span class="soft">{(at / 1e6).toFixed(1)} s</span> <strong>{node}</strong> {text}
            </li>
          )}
        </For>
      </ol>
    </details>
  );
}
