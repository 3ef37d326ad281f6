import { createMemo, For, Show } from 'solid-js';
import type { Since } from '../../ha/chronicle.ts';
import type { Found } from '../../ha/found.ts';
import { useWidth } from '../use-width.ts';
import { deedWords } from './deed-words.ts';
import type { GovernedSnapshot } from './governed-snapshot.ts';
import type { Done } from './governor-session.ts';

/** The window of time that is drawn, in µs. */
const WINDOW = 120_000_000;
const LANE = 30;
const NAMES = 62;
const AXIS = 22;

interface Piece<T> {
  readonly is: T;
  readonly from: number;
  readonly to: number;
}

const FOUND_WORDS: Readonly<Record<Found, string>> = {
  primary: 'primary',
  waiting: 'commits wait',
  replica: '',
  starting: '',
  down: 'down',
};

/** So far apart are the ticks of the axis at least, in pixels. */
const TICK_EVERY = 38;
const TICKS = [20e6, 40e6, 60e6, 120e6];

/** Who was found how, and who held the key, over the last two minutes; what was done, and where two took writes at once. */
export function Lanes(props: {
  snapshot: Pick<GovernedSnapshot, 'now' | 'found' | 'holder'>;
  done: readonly Done[];
  /** All of the time up to the snapshot is drawn, and this instant of it is looked at. */
  cursor?: number;
}) {
  const [width, measured] = useWidth();
  const length = () => (props.cursor === undefined ? WINDOW : Math.max(1, props.snapshot.now));
  const begin = () => Math.max(0, props.snapshot.now - length());
  const x = (at: number) =>
    NAMES + ((Math.max(at, begin()) - begin()) / length()) * Math.max(1, width() - NAMES - 4);
  const nodes = createMemo(() => Object.keys(props.snapshot.found));
  const pieces = <T,>(all: readonly Since<T>[]): Piece<T>[] =>
    all
      .map(({ at, is }, index) => ({
        is,
        from: at as number,
        to: (all[index + 1]?.at ?? props.snapshot.now) as number,
      }))
      .filter(({ to }) => to > begin());
  const reigns = () =>
    nodes().flatMap((node) =>
      pieces(props.snapshot.found[node] ?? [])
        .filter(({ is }) => is === 'primary')
        .map((piece) => ({ ...piece, node })),
    );
  const doubled = () =>
    reigns().flatMap((one, index) =>
      reigns()
        .slice(index + 1)
        .filter((other) => other.node !== one.node)
        .map((other) => ({
          from: Math.max(one.from, other.from),
          to: Math.min(one.to, other.to),
        }))
        .filter(({ from, to }) => to > from),
    );
  const height = () => (nodes().length + 1) * LANE + AXIS;
  const ticks = () => {
    const step = TICKS.find((one) => x(begin() + one) - NAMES >= TICK_EVERY) ?? 120e6;
    const first = Math.ceil(begin() / step) * step;
    return Array.from(
      { length: Math.ceil(length() / step) + 1 },
      (_, i) => first + i * step,
    ).filter((at) => at < begin() + length() - 5e6);
  };
  const words = () =>
    reigns()
      .map(
        ({ node, from, to }) =>
          `${node} took writes from ${(from / 1e6).toFixed(0)} to ${(to / 1e6).toFixed(0)} s`,
      )
      .join('; ');
  return (
    <figure class="lanes" ref={measured}>
      <Show when={width() > 0}>
        <svg
          width={width()}
          height={height()}
          role="img"
          aria-label={`Who was primary: ${words()}`}
        >
          <For each={doubled()}>
            {({ from, to }) => (
              <rect
                class="doubled"
                x={x(from)}
                y={0}
                width={Math.max(1, x(to) - x(from))}
                height={nodes().length * LANE}
              />
            )}
          </For>
          <For each={nodes()}>
            {(node, row) => (
              <g>
                <text class="name" x={0} y={row() * LANE + 19}>
                  {node}
                </text>
                <For each={pieces(props.snapshot.found[node] ?? [])}>
                  {({ is, from, to }) => (
                    <>
                      <rect
                        class="found"
                        data-found={is}
                        x={x(from)}
                        y={row() * LANE + (is === 'primary' || is === 'waiting' ? 4 : 13)}
                        width={Math.max(1, x(to) - x(from))}
                        height={is === 'primary' || is === 'waiting' ? 22 : 4}
                      />
                      <Show when={x(to) - x(from) > 76 && FOUND_WORDS[is] !== ''}>
                        <text
                          class="inside"
                          data-found={is}
                          x={x(from) + 6}
                          y={row() * LANE + (is === 'down' ? 11 : 19)}
                        >
                          {FOUND_WORDS[is]}
                        </text>
                      </Show>
                    </>
                  )}
                </For>
              </g>
            )}
          </For>
          <text class="name" x={0} y={nodes().length * LANE + 19}>
            /leader
          </text>
          <For each={pieces(props.snapshot.holder)}>
            {({ is, from, to }) => (
              <Show when={is !== null}>
                <rect
                  class="holder"
                  x={x(from)}
                  y={nodes().length * LANE + 6}
                  width={Math.max(1, x(to) - x(from))}
                  height={18}
                />
                <Show when={x(to) - x(from) > 44}>
                  <text class="held" x={x(from) + 6} y={nodes().length * LANE + 19}>
                    {is}
                  </text>
                </Show>
              </Show>
            )}
          </For>
          <For each={props.done.filter(({ at }) => at >= begin())}>
            {({ action, at }) => (
              <line class="deed" x1={x(at)} x2={x(at)} y1={0} y2={height() - AXIS}>
                <title>
                  {(at / 1e6).toFixed(1)} s: {deedWords(action)}
                </title>
              </line>
            )}
          </For>
          <Show when={props.cursor !== undefined}>
            <line
              class="cursor"
              x1={x(props.cursor ?? 0)}
              x2={x(props.cursor ?? 0)}
              y1={0}
              y2={height() - AXIS}
            />
          </Show>
          <For each={ticks()}>
            {(at) => (
              <text class="tick" x={x(at)} y={height() - 5}>
                {at / 1e6} s
              </text>
            )}
          </For>
        </svg>
      </Show>
      <Show when={props.cursor === undefined && props.done.at(-1)}>
        {(last) => (
          <figcaption>
            Last done, at {(last().at / 1e6).toFixed(1)} s: {deedWords(last().action)}.
          </figcaption>
        )}
      </Show>
    </figure>
  );
}
