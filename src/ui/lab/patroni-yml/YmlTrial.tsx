import { createSignal, For, onMount, Show } from 'solid-js';
import { isRouteName, ROUTES, type RouteName } from '../../../ha/clients/routes.ts';
import { readPatroniYml } from '../../../ha/patroni-yml/patroni-yml.ts';
import { failingSchedule, scheduleInWords, smallestOf } from '../../../soak/failing-schedule.ts';
import { secondOf } from '../../../soak/fault-words.ts';
import { planOf } from '../../../soak/governor-run.ts';
import type { Broken } from '../../../soak/invariants.ts';
import { type GovernorProof, proveGovernor } from '../../../soak/prove-governor.ts';
import { useLab } from '../lab-state.ts';

/** Between two schedules the page may draw. */
const breathe = () => new Promise((resolve) => setTimeout(resolve));

/** What was tried. */
interface Trial {
  readonly text: string;
  readonly route: RouteName;
}

/** What a file comes to on the first schedules, which one may see. */
export function YmlTrial(props: {
  text: string;
  route: string;
  schedules: number;
  /** Told how to run it from outside. */
  ready: (run: () => void) => void;
}) {
  const [proofs, setProofs] = createSignal<readonly GovernorProof[]>([]);
  const [of, setOf] = createSignal<Trial>({ text: '', route: 'name' });
  const [busy, setBusy] = createSignal(false);
  const stands = () => of().text === props.text && of().route === props.route;
  const run = async () => {
    const { text, route, schedules } = props;
    const file = readPatroniYml(text);
    if (busy() || !file.starts || !isRouteName(route)) return;
    setBusy(true);
    setOf({ text, route });
    setProofs([]);
    for (let seed = 1; seed <= schedules; seed++) {
      setProofs([...proofs(), proveGovernor(planOf(file, ROUTES[route]), seed)]);
      await breathe();
    }
    setBusy(false);
  };
  onMount(() => props.ready(() => void run()));
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
            {stands() ? '.' : ', with an earlier file or way.'}
          </Show>
        </p>
      </div>
      <For each={failing()}>{(proof) => <Failing trial={of()} proof={proof} />}</For>
    </div>
  );
}

/** Lines that every turn of a loop leaves. */
const EVERYDAY = /^(?:Lock owner: |no action\. I am |Got response from )/;

function Failing(props: { trial: Trial; proof: GovernorProof }) {
  const { showSchedule } = useLab();
  const first = () => props.proof.schedule.firstAt;
  const lines = () =>
    props.proof.history.lines.filter(({ at, text }) => at >= first() && !EVERYDAY.test(text));
  /** Cut down to what is needed first, as a verdict has it. */
  const show = ({ invariant }: Broken) => {
    const { proof } = props;
    const { text, route } = props.trial;
    const plan = planOf(readPatroniYml(text), ROUTES[route]);
    const smallest = smallestOf(
      [{ number: proof.seed, proof }],
      ({ broken }) => broken.find((one) => one.invariant === invariant) ?? null,
      (number, schedule) => proveGovernor(plan, number, schedule),
    );
    if (!smallest) return;
    const failing = failingSchedule({ kind: 'governor', yml: text, route }, smallest);
    const words = `${scheduleInWords(smallest)}: ${smallest.broken.words}`;
    showSchedule(`Schedule ${proof.seed}`, words, failing);
  };
  return (
    <details class="tools">
      <summary>
        Schedule {props.proof.seed}: {props.proof.schedule.words.join(', and ')}
        <Show when={props.proof.schedule.withoutWatchdog}>
          {(node) => <>; {node()} has no watchdog device</>}
        </Show>
        . <For each={props.proof.broken}>{({ words }) => <strong>{words} </strong>}</For>
      </summary>
      <div class="tool-row">
        <For each={props.proof.broken}>
          {(broken) => (
            <button type="button" class="act" onClick={() => show(broken)}>
              Open this moment
              <span class="visually-hidden">
                : {secondOf(broken.at)} of schedule {props.proof.seed}
              </span>
            </button>
          )}
        </For>
      </div>
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
