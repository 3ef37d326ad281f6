import { createMemo, For, lazy, Show } from 'solid-js';
import type { PlayAction } from '../../ha/play/play.ts';
import { seconds } from '../../sim/instant.ts';
import { type PanelSpec, Panels } from '../panels/Panels.tsx';
import { DcsCard } from './DcsCard.tsx';
import { type GovernorSession, governorSession, type Speed } from './governor-session.ts';
import { Lanes } from './Lanes.tsx';
import { PatroniCard } from './PatroniCard.tsx';
import { PatroniLog } from './PatroniLog.tsx';
import { ProxyCard } from './ProxyCard.tsx';
import type { PlaySnapshot } from './play-snapshot.ts';
import '../panels/panels.css';
import './governor.css';

const YmlPanel = lazy(async () => ({ default: (await import('./YmlPanel.tsx')).YmlPanel }));

/** The governed cluster on a table: clock, who governs what, who was primary when, and the papers. */
export function GovernorBench(props: { figure: string; yml: string }) {
  const session = governorSession(props.figure);
  const act = (deed: PlayAction) => session.act(deed);
  return (
    <Show when={session.snapshot()}>
      {(snapshot) => (
        <>
          <Clock session={session} snapshot={snapshot()} yml={props.yml} />
          <div class="governed">
            <div class="governed-nodes">
              <For each={snapshot().view.patronis.map(({ node }) => node)}>
                {(node) => <PatroniCard act={act} snapshot={snapshot()} node={node} />}
              </For>
            </div>
            <div class="governed-rest">
              <DcsCard act={act} snapshot={snapshot()} />
              <ProxyCard snapshot={snapshot()} />
            </div>
          </div>
          <Lanes snapshot={snapshot()} done={session.done()} />
          <Papers figure={props.figure} session={session} snapshot={snapshot} />
        </>
      )}
    </Show>
  );
}

function Clock(props: { session: GovernorSession; snapshot: PlaySnapshot; yml: string }) {
  const speeds: readonly (readonly [Speed, string])[] = [
    [0, 'Stand'],
    [1, '× 1'],
    [10, '× 10'],
  ];
  const lost = () => props.snapshot.lost;
  return (
    <div class="governor-clock">
      <p class="now">{(props.snapshot.now / 1e6).toFixed(1)} s</p>
      <fieldset class="tool-row">
        <legend class="visually-hidden">How fast the clock goes</legend>
        <For each={speeds}>
          {([speed, words]) => (
            <button
              type="button"
              class="act"
              aria-pressed={props.session.speed() === speed}
              onClick={() => props.session.setSpeed(speed)}
            >
              {words}
            </button>
          )}
        </For>
        <button type="button" class="act" onClick={() => props.session.forward(seconds(10))}>
          10 s on
        </button>
        <button
          type="button"
          class="act"
          onClick={() => void props.session.bootstrap(props.session.text() || props.yml)}
        >
          Start over
        </button>
      </fieldset>
      <p class="tally" data-bad={lost() > 0 || props.snapshot.twoPrimaries > 0}>
        {props.snapshot.acknowledged} writes acknowledged · <strong>{lost()} lost</strong> ·{' '}
        <strong>{props.snapshot.twoPrimaries.toFixed(1)} s</strong> of two primaries
      </p>
    </div>
  );
}

function Papers(props: { figure: string; session: GovernorSession; snapshot: () => PlaySnapshot }) {
  const list = createMemo(() => props.snapshot().list);
  const panels: readonly PanelSpec[] = [
    { id: 'log', title: 'Patroni’s log', content: () => <PatroniLog snapshot={props.snapshot} /> },
    {
      id: 'list',
      title: 'patronictl list',
      content: () => (
        <pre class="patronictl" tabindex="0">
          {list()}
        </pre>
      ),
    },
    {
      id: 'yml',
      title: 'patroni.yml',
      content: () => (
        <YmlPanel
          text={props.session.text()}
          setText={props.session.setText}
          bootstrap={(text) => void props.session.bootstrap(text)}
        />
      ),
    },
  ];
  return <Panels panels={panels} all={false} label="Papers of the governed cluster" />;
}
