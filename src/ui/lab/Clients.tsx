import { createSignal, For, lazy, Show, Suspense } from 'solid-js';
import { shownNow, shownStatements } from '../../session/snapshot.ts';
import { between, type Instant } from '../../sim/instant.ts';
import { useFigure } from '../figure-session.ts';
import { lengthOfTime } from '../time-words.ts';
import { type ClientState, clientStates } from './client-states.ts';
import { useLab } from './lab-state.ts';

// Few labs have an app with guests.
const Guests = lazy(async () => ({ default: (await import('./Guests.tsx')).Guests }));

/** More of them do not fit beside a workbench; the sum is always there. */
const FEW = 8;

/** Who uses the lab's cluster: guests of an app, or clients. */
export function Clients(props: { figure: string }) {
  const { facts } = useLab();
  return (
    <Show when={facts.guests.length > 0} fallback={<ClientTable figure={props.figure} />}>
      <Suspense>
        <Guests figure={props.figure} />
      </Suspense>
    </Show>
  );
}

/** The lab's own clients: what each has sent and been told, and what it waits for. */
function ClientTable(props: { figure: string }) {
  const { facts } = useLab();
  const { pick } = useFigure(props.figure);
  const states = pick((s) => clientStates(facts.clients, shownStatements(s)));
  const now = pick(shownNow);
  const [all, showAll] = createSignal(false);
  const rows = () => (all() ? states() : states().slice(0, FEW));
  const sum = (count: (state: ClientState) => number) =>
    states().reduce((total, state) => total + count(state), 0);
  /** Where all of them are at one node, it is said once. */
  const oneNode = () => {
    const nodes = new Set(states().map(({ node }) => node));
    return nodes.size === 1 ? (states()[0]?.node ?? null) : null;
  };
  const waiting = () => sum(({ open }) => (open ? 1 : 0));
  return (
    <section class="clients" aria-label="Clients">
      <header>
        <h3>
          Clients
          <Show when={oneNode()}>{(node) => <span class="on"> of {node()}</span>}</Show>
        </h3>
        <p>
          {number(sum(({ sent }) => sent))} requests sent, {number(sum((s) => s.acknowledged))}{' '}
          acknowledged, {waiting()} waiting
          <Show when={sum(({ failed }) => failed) > 0}>
            , {number(sum((s) => s.failed))} failed
          </Show>
          <Show when={sum(({ lost }) => lost) > 0}>
            , {number(sum((s) => s.lost))} without an answer
          </Show>
        </p>
      </header>
      <div class="scroll" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">client</th>
              <th scope="col">sent</th>
              <th scope="col">acknowledged</th>
              <th scope="col">now</th>
            </tr>
          </thead>
          <tbody>
            <For each={rows().map(({ name }) => name)}>
              {(name) => (
                <Show when={states().find((state) => state.name === name)}>
                  {(state) => <Row state={state()} now={now()} where={oneNode() === null} />}
                </Show>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <Show when={states().length > FEW}>
        <button type="button" class="act" aria-expanded={all()} onClick={() => showAll(!all())}>
          {all() ? `Show the first ${FEW}` : `Show all ${states().length}`}
        </button>
      </Show>
    </section>
  );
}

function Row(props: { state: ClientState; now: Instant; where: boolean }) {
  return (
    <tr data-waiting={props.state.open !== null}>
      <th scope="row">
        {props.state.name}
        <Show when={props.where}>
          <span class="on"> at {props.state.node}</span>
        </Show>
      </th>
      <td>{number(props.state.sent)}</td>
      <td>{number(props.state.acknowledged)}</td>
      <td>
        <Show when={props.state.open} fallback={idle(props.state)}>
          {(request) => (
            <>
              <span class="waiting-mark" aria-hidden="true" /> waiting for{' '}
              {lengthOfTime(between(request().sentAt, props.now))}
              <Show when={request().waitEvent}>
                {(event) => <span class="on">, {event()}</span>}
              </Show>
            </>
          )}
        </Show>
      </td>
    </tr>
  );
}

function idle({ sent, failed, lost }: ClientState): string {
  if (sent === 0) return 'not here yet';
  const told = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(lost > 0 ? [`${lost} never answered`] : []),
  ];
  return ['answered', ...told].join(', ');
}

const number = (count: number): string => count.toLocaleString('en');
