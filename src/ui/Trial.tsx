import { createSignal, For, Show } from 'solid-js';
import { useFigure } from './figure-session.ts';
import { megabytes } from './time-words.ts';
import { type Ending, freezeTheStandby, pullThePlug, type Told, thaw } from './trial.ts';
import './trial.css';

const BEFORE: Told = { words: '', primary: 0, standby1: 0, cable: 'whole' };

const endings: Readonly<Record<Ending, string>> = {
  lost: 'Acknowledged, and lost.',
  hangs: 'Safe, and stuck.',
  kept: 'Nothing was lost this time.',
  'no cluster': 'No cluster runs here; the reason stands below.',
};

/** The experiment of the home page: two servers, one press, and what became of a payment. */
export default function Trial(props: { figure: string; download: number }) {
  const { session, snapshot, pick } = useFigure(props.figure);
  const phase = pick((s) => s.phase);
  const [told, setTold] = createSignal<readonly Told[]>([]);
  const [ending, setEnding] = createSignal<Ending | null>(null);
  const [busy, setBusy] = createSignal(false);
  const tell = (one: Told) => setTold([...told(), one]);
  const now = () => told().at(-1) ?? BEFORE;
  const run = async (experiment: typeof pullThePlug) => {
    setBusy(true);
    setTold([]);
    setEnding(null);
    setEnding(await experiment(session, tell));
    setBusy(false);
  };
  const goOn = async () => {
    setBusy(true);
    setEnding(null);
    await thaw(session, tell);
    setBusy(false);
  };
  return (
    <section class="trial wide" aria-label="An experiment">
      <div class="trial-picture" data-cable={now().cable} aria-hidden="true">
        <Server name="primary" payments={now().primary} />
        <span class="trial-cable">
          {now().cable === 'cut' ? 'cut' : now().cable === 'frozen' ? 'no echo' : 'WAL'}
        </span>
        <Server name="standby1" payments={now().standby1} />
      </div>
      <div class="trial-deeds">
        <button
          type="button"
          class="act primary"
          disabled={busy()}
          onClick={() => void run(pullThePlug)}
        >
          Cut the cable, sell a cake, pull the plug
        </button>
        <button
          type="button"
          class="act"
          disabled={busy()}
          onClick={() => void run(freezeTheStandby)}
        >
          Make the till wait for standby1, and freeze it
        </button>
      </div>
      <Show when={phase() === 'asleep' && !busy()}>
        <p class="size">
          A press fetches PostgreSQL 18 itself, {megabytes(props.download)} MB, and starts two
          servers in this page.
        </p>
      </Show>
      <div class="trial-told" role="log" aria-label="What happens">
        <Show when={!busy() && told().length === 0}>
          <p class="size">
            Here the page will tell what the till was told, and which server still knows of the
            payment.
          </p>
        </Show>
        <Show when={busy() && told().length === 0}>
          <p>
            {phase() === 'loading'
              ? `Fetching PostgreSQL: ${megabytes(snapshot().progress?.loaded ?? 0)} of ${megabytes(props.download)} MB`
              : 'Two servers start…'}
          </p>
        </Show>
        <ol>
          <For each={told()}>{(one) => <li>{one.words}</li>}</For>
        </ol>
        <Show when={ending()}>
          {(end) => (
            <p class="trial-ending">
              <strong>{endings[end()]}</strong>{' '}
              <Show when={end() === 'hangs'}>
                <button type="button" class="act" onClick={() => void goOn()}>
                  Thaw standby1
                </button>
              </Show>
            </p>
          )}
        </Show>
      </div>
    </section>
  );
}

function Server(props: { name: string; payments: number | null }) {
  return (
    <span class="trial-server" classList={{ down: props.payments === null }}>
      <strong>{props.name}</strong>
      <span class="trial-count">
        {props.payments === null
          ? 'no power'
          : `${props.payments} ${props.payments === 1 ? 'payment' : 'payments'}`}
      </span>
    </span>
  );
}
