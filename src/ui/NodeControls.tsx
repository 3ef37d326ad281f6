import { lazy, Show, Suspense } from 'solid-js';
import { FSYNC_TIME } from '../postgres/replication-state.ts';
import { shownView } from '../session/snapshot.ts';
import { type Duration, ms, NEVER } from '../sim/instant.ts';
import { ActionButton } from './ActionButton.tsx';
import { useBench } from './bench-state.ts';
import { Choice } from './Choice.tsx';
import { Freeze } from './Freeze.tsx';
import { nodeOf } from './node-of.ts';
import { RoleControls } from './RoleControls.tsx';
import { bytesOf, lengthOfTime, rateInWords } from './time-words.ts';

const FSYNC_TIMES = [FSYNC_TIME, ms(5), ms(50), ms(500), NEVER];
/** WAL bytes a second: from a standby that falls behind with one busy session to one that nothing holds up. */
const REPLAY_RATES = [1_024, 16_384, 131_072, 1_048_576, Number.POSITIVE_INFINITY];

/** Bytes of the volume that holds a primary's pg_wal. */
const VOLUMES = [
  ...[8, 16, 32, 64].map((megabytes) => megabytes * 2 ** 20),
  Number.POSITIVE_INFINITY,
];

const FSYNC_WORDS = (time: number) =>
  Number.isFinite(time) ? lengthOfTime(time as Duration) : 'no end: the disk stalls';
const BackupDesk = lazy(() => import('./restore/BackupDesk.tsx'));

/** All that can befall a server. */
export function NodeControls(props: { node: string }) {
  const { figure, session, pick } = useBench();
  const node = pick((s) => nodeOf(shownView(s), props.node));
  const isStandby = () => node()?.role === 'standby';
  const paused = () => node()?.replayPaused ?? false;
  const of = () => `of ${props.node}`;
  /** There is an archive to restore from. */
  const archives = pick(
    (s) => shownView(s)?.nodes.some(({ archiver }) => archiver !== null) ?? false,
  );
  return (
    <div class="controls">
      <div class="tool-row">
        <Show
          when={node()?.status !== 'down'}
          fallback={
            <ActionButton figure={figure} action={{ kind: 'start', node: props.node }}>
              Start <span class="visually-hidden">{props.node}</span>
            </ActionButton>
          }
        >
          <ActionButton figure={figure} action={{ kind: 'kill', node: props.node }}>
            Kill PostgreSQL
          </ActionButton>
          <ActionButton figure={figure} action={{ kind: 'powerOff', node: props.node }}>
            Cut the power
          </ActionButton>
        </Show>
        <Show when={isStandby()}>
          <Freeze figure={figure} node={props.node} process="walreceiver" />
          <Freeze figure={figure} node={props.node} process="startup" />
          <ActionButton
            figure={figure}
            action={{
              kind: 'sql',
              node: props.node,
              session: 'operator',
              sql: paused() ? 'select pg_wal_replay_resume();' : 'select pg_wal_replay_pause();',
            }}
          >
            {paused() ? 'Resume' : 'Pause'} replay
          </ActionButton>
        </Show>
      </div>
      <RoleControls node={props.node} />
      <div class="tool-row">
        <Choice
          label="an fsync takes"
          of={of()}
          value={node()?.fsyncTime ?? FSYNC_TIME}
          values={FSYNC_TIMES}
          words={FSYNC_WORDS}
          choose={(time) =>
            void session.act({ kind: 'fsync', node: props.node, time: time as Duration })
          }
        />
        <Show when={!isStandby()}>
          <Choice
            label="its pg_wal has room for"
            of={of()}
            value={node()?.walVolume ?? Number.POSITIVE_INFINITY}
            values={VOLUMES}
            words={(bytes) => (Number.isFinite(bytes) ? bytesOf(bytes) : 'all there is to come')}
            choose={(bytes) => void session.act({ kind: 'walVolume', node: props.node, bytes })}
          />
          <ActionButton figure={figure} action={{ kind: 'deleteWal', node: props.node }}>
            <code>rm</code> old files of pg_wal <span class="visually-hidden">{of()}</span>
          </ActionButton>
        </Show>
        <Show when={isStandby()}>
          <Choice
            label="replays at most"
            of={of()}
            value={node()?.replayBytesPerSecond ?? Number.POSITIVE_INFINITY}
            values={REPLAY_RATES}
            words={rateInWords}
            choose={(bytesPerSecond) =>
              void session.act({ kind: 'replayRate', node: props.node, bytesPerSecond })
            }
          />
        </Show>
      </div>
      <Show when={archives()}>
        <Suspense>
          <BackupDesk node={props.node} />
        </Suspense>
      </Show>
    </div>
  );
}
