import { createMemo, For, Show } from 'solid-js';
import type { Found } from '../../ha/found.ts';
import type { PatroniView } from '../../ha/governor-view.ts';
import type { PlayAction } from '../../ha/play/play.ts';
import { formatLsn, lsn } from '../../postgres/lsn.ts';
import { deedWords } from './deed-words.ts';
import { foundNow, type GovernedSnapshot, type ServerShown } from './governed-snapshot.ts';

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
  act: (deed: PlayAction) => void;
  snapshot: GovernedSnapshot;
  node: string;
}) {
  const patroni = createMemo(() =>
    props.snapshot.view.patronis.find(({ node }) => node === props.node),
  );
  const server = () => props.snapshot.servers[props.node];
  const found = () => foundNow(props.snapshot, props.node);
  return (
    <article class="governed-node" data-found={found()} aria-label={props.node}>
      <h3>
        {props.node}{' '}
        <span class="found">{server()?.status === 'off' ? 'off' : FOUND[found()]}</span>
      </h3>
      <p class="soft">
        timeline {server()?.timeline} · <code>{formatLsn(lsn(server()?.wal ?? 0))}</code>
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
          <For each={deedsOf(props.node, server(), patroni())}>
            {(action) => (
              <button type="button" class="act" onClick={() => props.act(action)}>
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
  server: ServerShown | undefined,
  patroni: PatroniView | undefined,
): readonly PlayAction[] {
  if (server?.status === 'off') return [{ kind: 'powerOn', node }];
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
    { kind: server?.deaf ? 'thawWalreceiver' : 'freezeWalreceiver', node },
    { kind: patroni?.watchdog.state === 'missing' ? 'mendWatchdog' : 'breakWatchdog', node },
  ];
}
