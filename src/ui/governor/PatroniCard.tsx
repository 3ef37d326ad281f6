import { createMemo, For, Show } from 'solid-js';
import type { Found } from '../../ha/found.ts';
import type { PatroniView } from '../../ha/governor-view.ts';
import type { PlayAction } from '../../ha/play/play.ts';
import { formatLsn, lsn } from '../../postgres/lsn.ts';
import { deedWords } from './deed-words.ts';
import type { GovernorSession } from './governor-session.ts';
import { foundNow, type PlaySnapshot, serverOf } from './play-snapshot.ts';

/** How clients find a server, in words. */
export const FOUND: Readonly<Record<Found, string>> = {
  primary: 'primary, takes writes',
  waiting: 'primary, commits wait',
  replica: 'standby',
  starting: 'starting',
  down: 'down',
};

/** A node: how clients find its server, its Patroni, its watchdog, and what may be done to it. */
export function PatroniCard(props: {
  session: GovernorSession;
  snapshot: PlaySnapshot;
  node: string;
}) {
  const patroni = createMemo(() =>
    props.snapshot.view.patronis.find(({ node }) => node === props.node),
  );
  const server = () => serverOf(props.snapshot, props.node);
  const found = () => foundNow(props.snapshot, props.node);
  return (
    <article class="governed-node" data-found={found()} aria-label={props.node}>
      <h3>
        {props.node} <span class="found">{server().status === 'off' ? 'off' : FOUND[found()]}</span>
      </h3>
      <p class="soft">
        timeline {server().timeline} · <code>{formatLsn(lsn(server().wal))}</code>
      </p>
      <Show when={patroni()}>
        {(view) => (
          <dl>
            <dt>Patroni</dt>
            <dd data-process={view().process}>{patroniWords(view(), props.snapshot.now)}</dd>
            <dt>Watchdog</dt>
            <dd>{watchdogWords(view(), props.snapshot.now)}</dd>
          </dl>
        )}
      </Show>
      <details class="tools">
        <summary>Do something to {props.node}</summary>
        <div class="tool-row">
          <For each={deedsOf(props.node, props.snapshot, patroni())}>
            {(action) => (
              <button type="button" class="act" onClick={() => props.session.act(action)}>
                {deedWords(action)}
              </button>
            )}
          </For>
        </div>
      </details>
    </article>
  );
}

const secondsTo = (instant: number, now: number): string =>
  `${((instant - now) / 1e6).toFixed(0)} s`;

/** What a node’s Patroni does. */
export function patroniWords(view: PatroniView, now: number): string {
  if (view.process !== 'running') return view.process;
  if (view.busyWith !== null) return `running: ${view.busyWith}`;
  const holds = view.leaderUntil;
  return holds === null ? 'running' : `leader for another ${secondsTo(holds, now)}`;
}

/** How a node’s watchdog stands. */
export function watchdogWords(
  { watchdog: { mode, state, firesAt } }: PatroniView,
  now: number,
): string {
  if (mode === 'off') return 'off';
  if (state === 'missing') return `${mode}, and there is no device`;
  return firesAt === null ? `${mode}, at rest` : `${mode}, fires in ${secondsTo(firesAt, now)}`;
}

/** What can be done to the node as it stands. */
function deedsOf(
  node: string,
  snapshot: PlaySnapshot,
  patroni: PatroniView | undefined,
): readonly PlayAction[] {
  const { status, deaf } = serverOf(snapshot, node);
  if (status === 'off') return [{ kind: 'powerOn', node }];
  const process = patroni?.process ?? 'running';
  return [
    { kind: 'powerOff', node },
    process === 'running'
      ? { kind: 'freezePatroni', node }
      : process === 'frozen'
        ? { kind: 'thawPatroni', node }
        : { kind: 'startPatroni', node },
    { kind: 'killPostgres', node },
    { kind: 'cutFromDcs', node },
    { kind: 'healToDcs', node },
    { kind: 'isolate', node },
    { kind: 'rejoin', node },
    { kind: deaf ? 'thawWalreceiver' : 'freezeWalreceiver', node },
    { kind: patroni?.watchdog.state === 'missing' ? 'mendWatchdog' : 'breakWatchdog', node },
  ];
}
