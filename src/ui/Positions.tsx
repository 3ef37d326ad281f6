import { Show } from 'solid-js';
import type { ClusterView, NodeView, StandbyView } from '../cluster/cluster-view.ts';
import { formatLsn, INVALID_LSN } from '../postgres/lsn.ts';
import { useFigure } from './figure-session.ts';
import { Gauge, spanFor } from './Gauge.tsx';

/** How far a node's WAL has come: a standby's four positions as its primary knows them, or a primary's own three. */
export function Positions(props: { figure: string; node: string }) {
  const { snapshot, pick } = useFigure(props.figure);
  const node = () => nodeOf(snapshot().view, props.node);
  const end = pick(
    (s) => s.view?.nodes.find((n) => n.role === 'primary')?.insertLsn ?? INVALID_LSN,
  );
  const span = pick((s) => spanFor(end(), (s.view?.nodes ?? []).flatMap(positionsOf)));
  return (
    <Show
      when={node()}
      fallback={
        <p class="asleep">The positions of {props.node} show here once the cluster runs.</p>
      }
    >
      {(shown) => (
        <div class="positions">
          <Show
            when={shown().standby}
            fallback={
              <Gauge
                caption={`WAL of ${props.node} itself`}
                end={end()}
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
                  caption={`WAL of ${props.node}, as ${heardBy(snapshot().view, standby())} has heard`}
                  end={end()}
                  span={span()}
                  lanes={[
                    { stage: 'sent', lsn: standby().sentLsn },
                    { stage: 'written', lsn: standby().writeLsn },
                    { stage: 'flushed', lsn: standby().flushLsn },
                    { stage: 'replayed', lsn: standby().replayLsn },
                  ]}
                />
                <p class="own">{ownInWords(standby())}</p>
              </>
            )}
          </Show>
        </div>
      )}
    </Show>
  );
}

export const nodeOf = (view: ClusterView | null, name: string): NodeView | null =>
  view?.nodes.find((node) => node.name === name) ?? null;

const heardBy = (view: ClusterView | null, { upstream }: StandbyView): string =>
  nodeOf(view, upstream)?.role === 'primary' ? 'the primary' : upstream;

const positionsOf = ({ standby }: NodeView) =>
  standby ? [standby.sentLsn, standby.writeLsn, standby.flushLsn, standby.replayLsn] : [];

const ownInWords = (s: StandbyView): string =>
  `It says itself: received ${formatLsn(s.ownReceiveLsn)}, flushed ${formatLsn(s.ownFlushLsn)}, replayed ${formatLsn(s.ownReplayLsn)}.`;
