import { For, Show } from 'solid-js';
import { troubleInWords } from '../../experiment/chaos-plan.ts';
import { type Showing, shows } from '../../experiment/findings.ts';
import type { Operation } from '../../grading/operation.ts';
import type { ExperimentResult } from '../../session/experiment-protocol.ts';
import type { Instant } from '../../sim/instant.ts';
import type { Invariant } from '../../soak/invariants.ts';
import { lengthOfTime } from '../time-words.ts';
import { Invariants } from './Invariants.tsx';
import { Shown } from './Shown.tsx';
import { losses, type Measured, register } from './verdict-words.ts';

const SHORTEN: Readonly<Record<Exclude<Showing, Invariant>, string>> = {
  lost: 'Find the fewest troubles that lose something',
  register: 'Find the fewest troubles that break the register',
  late: 'Find the fewest troubles that stop the till',
};

/** What came of a run: what befell it, how its clients were served, and what is wrong with what they saw. */
export function ChaosReport(props: {
  result: ExperimentResult;
  busy: boolean;
  shrink: (to: Showing) => void;
  /** Opens the run at a moment. */
  open: (at: Instant) => void;
}) {
  const { findings, plan, shrunk } = props.result;
  const open = (['lost', 'register', 'late'] as const).filter((one) => shows[one](findings));
  const anomaly = (verdict: typeof findings.anywhere): readonly Operation[] =>
    verdict.kind === 'anomaly' ? verdict.operations : [];
  const found: readonly {
    title: string;
    measured: Measured;
    named: readonly Operation[];
  }[] = [
    ...[losses(findings)].flatMap((measured) =>
      measured
        ? [
            {
              title: 'After the fire',
              measured,
              named: findings.lost?.slice(0, 1) ?? [],
            },
          ]
        : [],
    ),
    {
      title: 'Reads at the primary',
      measured: register(findings.atThePrimary, null),
      named: anomaly(findings.atThePrimary),
    },
    {
      title: 'Reads anywhere',
      measured: register(findings.anywhere, findings.stale),
      named: anomaly(findings.anywhere),
    },
  ];
  const whole = findings.phases[0];
  return (
    <section class="step report" aria-label="What came of it">
      <h2 class="visually-hidden">What came of it</h2>
      <div class="found">
        <h3>What befell it</h3>
        <Show when={plan.troubles.length > 0} fallback={<p>No trouble at all before the end.</p>}>
          <ol>
            <For each={plan.troubles}>{(trouble) => <li>{troubleInWords(trouble)}</li>}</For>
          </ol>
        </Show>
        <Show when={plan.takeover}>
          {(takeover) => (
            <p>
              {(takeover().at / 1e6).toFixed(1)} s: {takeover().node} is promoted, and nobody stops
              the primary.
            </p>
          )}
        </Show>
        <Show when={shrunk}>
          {(short) => (
            <p>
              {short().minimal
                ? `Leave any one of these out, and it does not happen. ${short().tries} shorter schedules were tried.`
                : `The ${short().tries} tries are used up; fewer may do.`}
            </p>
          )}
        </Show>
      </div>
      <Invariants
        broken={findings.broken}
        shortened={shrunk !== null}
        busy={props.busy}
        shrink={props.shrink}
        open={props.open}
      />
      <div class="scroll" tabindex="0">
        <table>
          <caption>
            How each group of clients was served, from the first to the last second.
          </caption>
          <thead>
            <tr>
              <th scope="col">Clients</th>
              <th scope="col">In time</th>
              <th scope="col">Refused</th>
              <th scope="col">Late</th>
              <th scope="col">Half within</th>
              <th scope="col">99 of 100 within</th>
            </tr>
          </thead>
          <tbody>
            <For each={findings.whole}>
              {(service) => (
                <tr>
                  <th scope="row">{service.group}</th>
                  <td>
                    {service.served} of {service.asked}
                  </td>
                  <td>{service.refused}</td>
                  <td>{service.late}</td>
                  <td>{service.median === null ? '–' : lengthOfTime(service.median)}</td>
                  <td>{service.p99 === null ? '–' : lengthOfTime(service.p99)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <For each={found}>
        {({ title, measured, named }) => (
          <Shown
            open={props.open}
            result={props.result}
            title={`${title}: ${measured.text}`}
            words={measured.words}
            at={measured.at}
            named={named}
          />
        )}
      </For>
      <Show when={!shrunk && open.length > 0}>
        <div class="chaos-tools">
          <For each={open}>
            {(one) => (
              <button
                type="button"
                class="act"
                disabled={props.busy}
                onClick={() => props.shrink(one)}
              >
                {SHORTEN[one]}
              </button>
            )}
          </For>
        </div>
      </Show>
      <Show when={whole}>
        {(phase) => (
          <div class="chaos-tools">
            <button type="button" class="act" onClick={() => props.open(phase().from)}>
              Open the run from its first second
            </button>
          </div>
        )}
      </Show>
    </section>
  );
}
