import { lazy, Match, onCleanup, onMount, Show, Suspense, Switch } from 'solid-js';
import { watchAddress } from '../session/keep/page-link.ts';
import { isLab, type RunSpec } from '../session/run-spec.ts';
import type { BenchLayout, TerminalOf } from './Bench.tsx';
import './early-clicks.ts';
import './figure.css';
import './terminal.css';
import { EmbedLine } from './EmbedLine.tsx';
import { useFigure } from './figure-session.ts';
import { Notices } from './Notices.tsx';
import { Start } from './Start.tsx';
import { clockTime, megabytes } from './time-words.ts';
import { WhoseRun } from './WhoseRun.tsx';

const Failure = lazy(async () => ({ default: (await import('./Failure.tsx')).Failure }));
const Bench = lazy(async () => ({ default: (await import('./Bench.tsx')).Bench }));

const booting = (spec: RunSpec) =>
  isLab(spec)
    ? 'Booting the lab’s servers, and letting its clients begin…'
    : `Booting ${spec.nodes.length} servers…`;

/** A cluster in the page. Nothing is fetched before someone asks for it. */
export default function Figure(props: {
  id: string;
  title: string;
  /** What it starts with, if nothing is kept on the device. */
  cluster: RunSpec;
  terminals: readonly TerminalOf[];
  layout?: BenchLayout;
  /** The patroni.yml of a governed cluster. */
  yml?: string;
  /** Bytes to fetch before the cluster runs, as the server sends them. */
  download: number;
}) {
  const { session, snapshot, pick } = useFigure(props.id);
  const phase = pick((s) => s.phase);
  const shown = pick((s) => s.view !== null && s.phase !== 'asleep');
  const keep = () => session.save();
  onMount(() => {
    void session.offer(props.cluster);
    onCleanup(watchAddress(props.id, session, figuresOfPage()));
    addEventListener('pagehide', keep);
    onCleanup(() => removeEventListener('pagehide', keep));
  });
  return (
    <section
      class="figure wide"
      aria-label={props.title}
      data-figure={props.id}
      data-phase={phase()}
    >
      <header class="figure-head">
        <h2>{props.title}</h2>
        <Show when={shown() && phase() === 'opening'}>
          <Replaying figure={props.id} />
        </Show>
      </header>
      <Notices figure={props.id} />
      <WhoseRun figure={props.id} />
      <Switch>
        <Match when={phase() === 'asleep'}>
          <Start figure={props.id} download={props.download} />
        </Match>
        <Match when={phase() === 'loading'}>
          <Progress
            loaded={snapshot().progress?.loaded ?? 0}
            total={snapshot().progress?.total ?? props.download}
          />
        </Match>
        <Match when={phase() === 'opening' && !shown()}>
          <Show when={snapshot().replayed} fallback={<p role="status">{booting(props.cluster)}</p>}>
            <Replaying figure={props.id} />
          </Show>
        </Match>
        <Match when={phase() === 'failed' || phase() === 'recorded'}>
          <Suspense>
            <Failure figure={props.id} />
          </Suspense>
        </Match>
      </Switch>
      <Show when={shown()}>
        <Suspense>
          <Bench
            figure={props.id}
            terminals={props.terminals}
            layout={props.layout ?? 'inline'}
            yml={props.yml ?? null}
          />
        </Suspense>
      </Show>
      <EmbedLine {...embedOf(props.cluster, props.id)} title={`Standby: ${props.title}`} />
    </section>
  );
}

/** Where it stands alone, and how high it is at work. */
const embedOf = (spec: RunSpec, figure: string) =>
  isLab(spec)
    ? { path: `embed/lab/${spec.lab}/`, height: 1600 }
    : { path: `embed/figure/${figure}/`, height: 1200 };

const figuresOfPage = (): readonly string[] =>
  [...document.querySelectorAll<HTMLElement>('[data-figure]')].map(
    ({ dataset }) => dataset.figure ?? '',
  );

/** A long run takes seconds to come back: how far it has come is told to the eye alone. */
function Replaying(props: { figure: string }) {
  const { snapshot } = useFigure(props.figure);
  return (
    <p class="replaying">
      <span role="status">Replaying the run…</span>{' '}
      <Show when={snapshot().replayed}>
        {(replayed) => (
          <span aria-hidden="true">
            {clockTime(replayed().to)} of {clockTime(replayed().of)}
          </span>
        )}
      </Show>
    </p>
  );
}

function Progress(props: { loaded: number; total: number }) {
  return (
    <div class="progress" role="status">
      <label>
        Fetching PostgreSQL: {megabytes(props.loaded)} of {megabytes(props.total)} MB
        <progress max={props.total} value={props.loaded} />
      </label>
    </div>
  );
}
