import { For, Show } from 'solid-js';
import { formatLsn, type Lsn } from '../postgres/lsn.ts';
import { bytesOf } from './time-words.ts';

export interface Lane {
  readonly stage: 'sent' | 'written' | 'flushed' | 'replayed';
  readonly lsn: Lsn | null;
  /** Where the node itself says it stands: ahead of what its upstream has heard. */
  readonly own?: Lsn;
}

/** The least stretch of WAL that a gauge shows: about five small commits. */
const LEAST_SPAN = 1024;

/** A stretch of WAL that ends where the primary stands and holds everything shown, in powers of two. */
export function spanFor(end: Lsn, positions: readonly (Lsn | null)[]): number {
  const lag = Math.max(0, ...positions.map((lsn) => (lsn === null ? 0 : end - lsn)));
  return 2 ** Math.ceil(Math.log2(Math.max(LEAST_SPAN, lag * 1.1)));
}

/** Positions in WAL as numbers and as lanes that end where the primary stands. */
export function Gauge(props: {
  caption: string;
  lanes: readonly Lane[];
  /** Where the primary's WAL ends, and up to where it is on the primary's disk: only that far anything is sent. */
  end: Lsn;
  durable: Lsn;
  span: number;
}) {
  // An old primary may stand behind the end of the new one's WAL, on a timeline of its own: no lane is longer for it.
  const x = (lsn: Lsn | null) =>
    `${lsn === null ? 0 : Math.min(100, Math.max(0, 100 * (1 - (props.end - lsn) / props.span)))}%`;
  const behind = (lsn: Lsn | null) => {
    if (lsn === null) return 'unknown';
    return lsn >= props.end ? 'level' : `−${bytesOf(props.end - lsn)}`;
  };
  return (
    <table class="gauge">
      <caption>{props.caption}</caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Stage</th>
          <th scope="col">Position</th>
          <th scope="col">Gauge</th>
          <th scope="col">Behind the primary</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.lanes.map((lane) => lane.stage)}>
          {(stage, i) => {
            const lsn = () => props.lanes[i()]?.lsn ?? null;
            const own = () => props.lanes[i()]?.own ?? null;
            return (
              <tr data-stage={stage}>
                <th scope="row">
                  <span class="stage" data-stage={stage}>
                    {stage}
                  </span>
                </th>
                <td class="lsn">{lsn() === null ? '—' : formatLsn(lsn() as Lsn)}</td>
                <td class="lane" aria-hidden="true">
                  <div class="track">
                    <div class="not-durable" style={{ left: x(props.durable) }} />
                    <div class="reach" style={{ width: x(lsn()) }} />
                    <Show when={own() !== lsn() && own()}>
                      {(at) => <div class="own-mark" style={{ left: x(at()) }} />}
                    </Show>
                    <Show when={lsn() !== null}>
                      <div class="mark" style={{ left: x(lsn()) }} />
                    </Show>
                  </div>
                </td>
                <td class="behind">{behind(lsn())}</td>
              </tr>
            );
          }}
        </For>
      </tbody>
    </table>
  );
}
