import { createSignal, For, lazy, onMount, Show, Suspense } from 'solid-js';
import {
  type ChaosRun,
  chaosLink,
  LEVELS,
  MOST_TROUBLES,
  PACES,
  readChaosLink,
  whyNoNames,
} from '../../experiment/chaos-link.ts';
import { chaosPlan, TROUBLE_KINDS, type TroubleKind } from '../../experiment/chaos-plan.ts';
import type { Showing } from '../../experiment/findings.ts';
import type { ExperimentResult } from '../../session/experiment-protocol.ts';
import { useFigure } from '../figure-session.ts';
import { openResult } from './open-result.ts';
import { createRunning } from './running.ts';

const Report = lazy(async () => ({
  default: (await import('./ChaosReport.tsx')).ChaosReport,
}));

const KINDS: Readonly<Record<TroubleKind, string>> = {
  cut: 'cables are cut',
  freeze: 'walreceivers freeze',
  replay: 'replay freezes',
  disk: 'disks are slow',
  delay: 'cables are slow',
  kill: 'standbys are killed',
};

const FIRES = [
  { id: '', label: 'nobody burns' },
  { id: 'primary', label: 'the primary burns' },
  { id: 'primary standby1', label: 'the primary and standby1 burn' },
] as const;

const START: ChaosRun = {
  seed: 1,
  kinds: TROUBLE_KINDS,
  count: 6,
  takeover: false,
  burns: ['primary', 'standby1'],
  names: 'ANY 1 (standby1, standby2)',
  level: 'remote_apply',
  pace: 1,
};

/** Free play: a configuration, clients, and troubles drawn by lot; what came of it, and the shortest schedule that still shows it. */
export function ChaosForm(props: { figure: string }) {
  const { session } = useFigure(props.figure);
  const [wish, setWish] = createSignal(START);
  const [result, setResult] = createSignal<ExperimentResult | null>(null);
  const [said, setSaid] = createSignal('');
  const running = createRunning(setResult);
  const change = (fields: Partial<ChaosRun>) => setWish({ ...wish(), ...fields });
  onMount(() => {
    const linked = readChaosLink(location.hash);
    if (linked) setWish(linked);
  });
  const whyNot = () => whyNoNames(wish().names);
  const run = (shrinkTo: Showing | null) => {
    const { names, level, seed, pace } = wish();
    const configuration = {
      id: 'yours',
      name: 'your configuration',
      names,
      level,
    };
    setResult(null);
    setSaid('');
    history.replaceState(null, '', chaosLink(wish()));
    const plan = chaosPlan(wish());
    void running.run([{ configuration, plan, seed, pace, shrinkTo }]);
  };
  const share = async () => {
    history.replaceState(null, '', chaosLink(wish()));
    try {
      await navigator.clipboard.writeText(location.href);
      setSaid('The link is copied.');
    } catch {
      setSaid('The link stands in the address bar: the browser does not let the page copy it.');
    }
  };

  return (
    <>
      <form
        class="step"
        aria-label="What is to happen"
        onSubmit={(event) => {
          event.preventDefault();
          if (whyNot() === null) run(null);
        }}
      >
        <label>
          <span>synchronous_standby_names</span>{' '}
          <input
            type="text"
            class="wide-field"
            spellcheck={false}
            value={wish().names}
            aria-invalid={whyNot() !== null}
            onInput={({ currentTarget }) => change({ names: currentTarget.value })}
          />
        </label>
        <Show when={whyNot()}>{(why) => <p role="alert">{why()}</p>}</Show>
        <fieldset>
          <label>
            synchronous_commit{' '}
            <select
              onChange={({ currentTarget }) =>
                change({
                  level: LEVELS.find((one) => one === currentTarget.value) ?? 'on',
                })
              }
            >
              <For each={LEVELS}>
                {(level) => (
                  <option value={level} selected={level === wish().level}>
                    {level}
                  </option>
                )}
              </For>
            </select>
          </label>
          <label>
            Clients work{' '}
            <select onChange={({ currentTarget }) => change({ pace: Number(currentTarget.value) })}>
              <For each={PACES}>
                {(pace) => (
                  <option value={pace} selected={pace === wish().pace}>
                    {pace} × as fast
                  </option>
                )}
              </For>
            </select>
          </label>
          <label>
            In the end{' '}
            <select
              onChange={({ currentTarget }) =>
                change({
                  burns: currentTarget.value.split(' ').filter((one) => one !== ''),
                })
              }
            >
              <For each={FIRES}>
                {({ id, label }) => (
                  <option value={id} selected={id === wish().burns.join(' ')}>
                    {label}
                  </option>
                )}
              </For>
            </select>
          </label>
        </fieldset>
        <fieldset>
          <legend>Meanwhile</legend>
          <For each={TROUBLE_KINDS}>
            {(kind) => (
              <label>
                <input
                  type="checkbox"
                  checked={wish().kinds.includes(kind)}
                  onChange={({ currentTarget }) =>
                    change({
                      kinds: TROUBLE_KINDS.filter((one) =>
                        one === kind ? currentTarget.checked : wish().kinds.includes(one),
                      ),
                    })
                  }
                />{' '}
                {KINDS[kind]}
              </label>
            )}
          </For>
          <label>
            <input
              type="checkbox"
              checked={wish().takeover}
              onChange={({ currentTarget }) => change({ takeover: currentTarget.checked })}
            />{' '}
            standby2 is promoted, and nobody stops the primary
          </label>
        </fieldset>
        <fieldset>
          <label>
            Troubles{' '}
            <input
              type="number"
              min="0"
              max={MOST_TROUBLES}
              value={wish().count}
              onChange={({ currentTarget }) =>
                change({
                  count: Math.max(
                    0,
                    Math.min(MOST_TROUBLES, Math.trunc(currentTarget.valueAsNumber) || 0),
                  ),
                })
              }
            />
          </label>
          <label>
            Seed{' '}
            <input
              type="number"
              min="0"
              max="999999"
              value={wish().seed}
              onChange={({ currentTarget }) =>
                change({
                  seed: Math.max(0, Math.trunc(currentTarget.valueAsNumber) || 0),
                })
              }
            />
          </label>
        </fieldset>
        <div class="tool-row">
          <button type="submit" class="act primary" disabled={running.busy() || whyNot() !== null}>
            Let it happen
          </button>
          <button
            type="button"
            class="act"
            disabled={running.busy() || whyNot() !== null}
            onClick={() => {
              change({ seed: wish().seed + 1 });
              run(null);
            }}
          >
            The next seed
          </button>
          <Show when={running.busy()}>
            <button type="button" class="act" onClick={running.stop}>
              Stop
            </button>
          </Show>
          <button type="button" class="act" onClick={() => void share()}>
            Copy a link to this
          </button>
          <span role="status">{said() || running.said()}</span>
        </div>
      </form>
      <Show when={result()} keyed>
        {(made) => (
          <Suspense>
            <Report
              result={made}
              busy={running.busy()}
              shrink={run}
              open={(at) => void openResult(props.figure, session, made, at)}
            />
          </Suspense>
        )}
      </Show>
    </>
  );
}
