import { For, Show } from 'solid-js';
import { clock } from '../../grading/verdict.ts';
import type { ExperimentResult } from '../../session/experiment-protocol.ts';
import type { Instant } from '../../sim/instant.ts';
import type { Broken, Invariant } from '../../soak/invariants.ts';

/** What each invariant says, as a sentence. */
export const INVARIANTS: Readonly<Record<Invariant, string>> = {
  'one primary': 'One server at most acknowledges writes in a term',
  'nothing lost': 'Nothing acknowledged is lost where the configuration promises it',
  'forks at promotions': 'Timelines fork at promotions, and nowhere else',
  'a leader again': 'Writes are acknowledged again soon after everything has healed',
};

const NAMES = Object.keys(INVARIANTS) as readonly Invariant[];

/** The invariants of a run: those that held, and those that broke, each with its moment and the fewest troubles that break it. */
export function Invariants(props: {
  broken: readonly Broken[];
  /** Whether the schedule has been cut down already. */
  shortened: boolean;
  busy: boolean;
  shrink: (to: Invariant) => void;
  /** Opens the run at a moment. */
  open: (at: Instant) => void;
}) {
  const brokenOf = (name: Invariant) => props.broken.find(({ invariant }) => invariant === name);
  return (
    <section class="found" aria-label="Invariants">
      <h3>{props.broken.length === 0 ? 'All invariants hold' : 'Not all invariants hold'}</h3>
      <ul class="invariants">
        <For each={NAMES}>
          {(name) => (
            <li data-broken={brokenOf(name) !== undefined}>
              {INVARIANTS[name]}:{' '}
              <Show when={brokenOf(name)} fallback="holds.">
                {(broken) => (
                  <>
                    <strong>broken at {clock(broken().at)}.</strong> {broken().words}
                    <div class="chaos-tools">
                      <button type="button" class="act" onClick={() => props.open(broken().at)}>
                        Open this run at {clock(broken().at)}
                      </button>
                      <Show when={!props.shortened}>
                        <button
                          type="button"
                          class="act"
                          disabled={props.busy}
                          onClick={() => props.shrink(name)}
                        >
                          Find the fewest troubles that break it
                        </button>
                      </Show>
                    </div>
                  </>
                )}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}

/** The same of several configurations: each invariant, and who broke it. */
export function InvariantsOfAll(props: { results: readonly ExperimentResult[] }) {
  const breakers = (name: Invariant) =>
    props.results.flatMap(({ configuration, findings }) => {
      const broken = findings.broken.find(({ invariant }) => invariant === name);
      return broken ? [{ configuration, broken }] : [];
    });
  return (
    <section class="found" aria-label="Invariants">
      <h3>Invariants, checked on every run</h3>
      <ul class="invariants">
        <For each={NAMES}>
          {(name) => (
            <li data-broken={breakers(name).length > 0}>
              {INVARIANTS[name]}:{' '}
              <Show when={breakers(name).length > 0} fallback="holds in all of them.">
                <For each={breakers(name)}>
                  {({ configuration, broken }) => (
                    <>
                      <strong>
                        broken, {configuration.name}, at {clock(broken.at)}.
                      </strong>{' '}
                      {broken.words}{' '}
                    </>
                  )}
                </For>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
