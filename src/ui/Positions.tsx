import { Show } from 'solid-js';
import type { NodeView, StandbyView } from '../cluster/cluster-view.ts';
import { formatLsn, INVALID_LSN } from '../postgres/lsn.ts';
import { shownView } from '../session/snapshot.ts';
import { useFigure } from './figure-session.ts';
import { Gauge, spanFor } from './Gauge.tsx';
import { nodeOf } from './node-of.ts';
import { primaryOf } from './primary-of.ts';
import { RedoPoint } from './RedoPoint.tsx';
import './gauge.css';

/** How far a node's WAL has come: a standby's four positions as its upstream knows them, or a primary's own two. */
export function Positions(props: { figure: string; node: string }) {
  const { pick } = useFigure(props.figure);
  const view = pick(shownView);
  const node = () => nodeOf(view(), props.node);
  const primary = () => primaryOf(view(), props.node);
  const end = () => primary()?.insertLsn ?? INVALID_LSN;
  const durable = () => primary()?.flushLsn ?? INVALID_LSN;
  const span = () => spanFor(end(), (view()?.nodes ?? []).flatMap(positionsOf));
  return (
    <Show when={node()}>
      {(shown) => (
        <div class="positions">
          <Show
            when={shown().standby}
            fallback={
              <Gauge
                caption={`WAL of ${props.node} itself, up to ${formatLsn(end())}`}
                end={end()}
                durable={durable()}
                span={span()}
                lanes={[
                  { stage: 'written', lsn: shown().writeLsn },
                  { stage: 'flushed', lsn: shown().flushLsn },
                ]}
              />
            }
          >
            {(standby) => (
              <>
                <Gauge
                  caption={`WAL of ${props.node}, as ${standby().upstream} has heard`}
                  end={end()}
                  durable={durable()}
                  span={span()}
                  lanes={[
                    { stage: 'sent', lsn: standby().sentLsn },
                    { stage: 'written', lsn: standby().writeLsn, own: standby().ownReceiveLsn },
                    { stage: 'flushed', lsn: standby().flushLsn, own: standby().ownFlushLsn },
                    { stage: 'replayed', lsn: standby().replayLsn, own: standby().ownReplayLsn },
                  ]}
                />
                <p class="own">{ownInWords(standby())}</p>
              </>
            )}
          </Show>
          <Show when={!shown().standby}>
            <RedoPoint node={shown()} />
          </Show>
        </div>
      )}
    </Show>
  );
}

const positionsOf = ({ standby }: NodeView) =>
  standby ? [standby.sentLsn, standby.writeLsn, standby.flushLsn, standby.replayLsn] : [];

const ownInWords = (s: StandbyView): string =>
  `It says itself: received ${formatLsn(s.ownReceiveLsn)}, flushed ${formatLsn(s.ownFlushLsn)}, replayed ${formatLsn(s.ownReplayLsn)}.`;
