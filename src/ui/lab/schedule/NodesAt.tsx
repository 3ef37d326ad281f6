import { For } from 'solid-js';
import { formatLsn, lsn } from '../../../postgres/lsn.ts';
import { foundNow } from '../../governor/governed-snapshot.ts';
import { FOUND, patroniWords, watchdogWords } from '../../governor/PatroniCard.tsx';
import { type PlaySnapshot, serverOf } from '../../governor/play-snapshot.ts';

/** How the nodes and the DCS stand at one instant. */
export function NodesAt(props: { snapshot: PlaySnapshot }) {
  const dcs = () => props.snapshot.view.dcs;
  const holder = () => {
    const { leader, hasMajority } = dcs();
    if (!hasMajority) return 'no majority, no answer';
    if (leader === null) return 'nobody holds the leader key';
    const left = Math.max(0, (leader.expiresAt - props.snapshot.now) / 1e6).toFixed(0);
    return `${leader.name} holds the leader key for another ${left} s`;
  };
  return (
    <section class="nodes-at" aria-label="At this moment">
      <p>
        The DCS: {holder()}. {props.snapshot.acknowledged} writes acknowledged so far,{' '}
        {props.snapshot.lost} of them not on the leader.
      </p>
      <div class="scroll" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">Server</th>
              <th scope="col">Timeline</th>
              <th scope="col">WAL up to</th>
              <th scope="col">Patroni</th>
              <th scope="col">Watchdog</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.snapshot.view.patronis}>
              {(patroni) => {
                const server = () => serverOf(props.snapshot, patroni.node);
                const found = () => foundNow(props.snapshot, patroni.node);
                return (
                  <tr data-found={found()}>
                    <th scope="row">{patroni.node}</th>
                    <td>{server().status === 'off' ? 'off' : FOUND[found()]}</td>
                    <td>{server().timeline}</td>
                    <td>
                      <code>{formatLsn(lsn(server().wal))}</code>
                    </td>
                    <td>{patroniWords(patroni, props.snapshot.now)}</td>
                    <td>{watchdogWords(patroni, props.snapshot.now)}</td>
                  </tr>
                );
              }}
            </For>
          </tbody>
        </table>
      </div>
    </section>
  );
}
