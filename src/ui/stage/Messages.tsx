import { createMemo, createSignal, For, Show } from 'solid-js';
import type { MessageView } from '../../cluster/cluster-view.ts';
import { shownNow, shownView } from '../../session/snapshot.ts';
import type { Duration } from '../../sim/instant.ts';
import { sameSelection, useBench } from '../bench-state.ts';
import { prefersStillness, usePlayhead } from '../use-playhead.ts';
import type { LaidCable } from './Cables.tsx';
import { drawn, placeAt } from './cable-path.ts';
import { nameOfMessage } from './message-words.ts';
import { newsOf, type Stage, shareOfWay, sizeOf, type Traffic, trafficAt } from './traffic.ts';

/** An arrival glows for so long on the page, whatever the speed. */
const GLOW_MS = 350;
/** More than so many at once would be a smear. */
const MOST = 40;
const STILL_STEPS = 4;
const NO_TRAFFIC: Traffic = { flying: [], arrived: [] };

interface Mark {
  readonly message: MessageView;
  readonly laid: LaidCable;
  readonly stage: Stage | null;
  /** Of messages held up by the same cut, how many stand before it. */
  readonly queued: number;
}

/** Messages on their way, as marks that move only because the cluster's time does. Each can be chosen. */
export function Messages(props: { laid: readonly LaidCable[]; panel: string }) {
  const { snapshot, selection } = useBench();
  const [moving, setMoving] = createSignal(false);
  const playhead = usePlayhead(snapshot, moving);
  const traffic = createMemo(() => {
    const now = snapshot();
    const view = shownView(now);
    if (!view) return NO_TRAFFIC;
    const glow = (GLOW_MS * 1_000 * now.speed) as Duration;
    const shown = trafficAt(view, now.messages, shownNow(now), glow);
    setMoving(shown.flying.length > 0 || shown.arrived.length > 0);
    return shown;
  });
  const marks = createMemo((): readonly Mark[] => {
    const { flying, arrived } = traffic();
    const view = shownView(snapshot());
    if (!view) return [];
    const earlier = [...snapshot().messages.slice(-200), ...flying];
    const chosen = selection();
    const held = new Map<LaidCable, number>();
    const all = [...arrived, ...flying].slice(-MOST);
    const stays = chosen?.kind === 'message' && !all.some(({ id }) => id === chosen.id);
    const last = stays ? snapshot().messages.findLast(({ id }) => id === chosen.id) : undefined;
    return [...all, ...(last ? [last] : [])].flatMap((message) => {
      const laid = props.laid.find((one) => runsOn(one, message));
      if (!laid) return [];
      const queued = message.arrivesAt === null ? (held.get(laid) ?? 0) : 0;
      if (message.arrivesAt === null) held.set(laid, queued + 1);
      const stage = message.kind === 'wal' ? 'sent' : newsOf(message, earlier, view);
      return [{ message, laid, stage, queued }];
    });
  });
  const ids = createMemo(() => marks().map(({ message }) => message.id), [], { equals: sameIds });
  const [focused, setFocused] = createSignal<string | null>(null);
  /** One mark at a time is a stop of the Tab key; arrows go from mark to mark. */
  const stop = () => {
    const id = focused();
    return id !== null && ids().includes(id) ? id : (ids()[0] ?? null);
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: SVGElement }) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll<SVGElement>('[role=button]')];
    const at = buttons.indexOf(document.activeElement as SVGElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no group of its own
    <svg
      class="messages"
      role="group"
      aria-label={`Messages on their way: ${traffic().flying.length}`}
      onKeyDown={onKeyDown}
    >
      <For each={props.laid.map(({ standby }) => standby)}>
        {(standby) => <Glow standby={standby} laid={props.laid} traffic={traffic()} />}
      </For>
      <For each={ids()}>
        {(id) => (
          <Show when={marks().find(({ message }) => message.id === id)}>
            {(mark) => (
              <Dot
                mark={mark()}
                at={playhead()}
                panel={props.panel}
                isStop={stop() === id}
                onFocus={() => setFocused(id)}
              />
            )}
          </Show>
        )}
      </For>
    </svg>
  );
}

function Dot(props: {
  mark: Mark;
  at: number;
  panel: string;
  isStop: boolean;
  onFocus: () => void;
}) {
  const { selection, select } = useBench();
  const message = () => props.mark.message;
  const chosen = () => sameSelection(selection(), { kind: 'message', id: message().id });
  const share = () => {
    const exact = shareOfWay(message(), props.at, props.mark.queued);
    return prefersStillness() ? Math.round(exact * STILL_STEPS) / STILL_STEPS : exact;
  };
  const place = () => placeAt(pathOf(props.mark.laid, message()), share());
  const choose = () => select({ kind: 'message', id: message().id });
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button of its own
    <g
      class="message"
      data-kind={message().kind}
      data-stage={props.mark.stage ?? undefined}
      data-chosen={chosen()}
      data-arrived={share() === 1}
      role="button"
      tabindex={props.isStop ? 0 : -1}
      aria-label={nameOfMessage(message())}
      aria-expanded={chosen()}
      aria-controls={props.panel}
      transform={`translate(${place().x.toFixed(1)} ${place().y.toFixed(1)})`}
      onClick={choose}
      onFocus={props.onFocus}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        choose();
      }}
    >
      <circle class="reach" r="14" />
      <path
        class="shape"
        d={shapeOf(props.mark)}
        transform={message().kind === 'wal' ? `rotate(${place().heading.toFixed(0)})` : undefined}
      />
    </g>
  );
}

/** A cable that has just delivered something lights up for a moment. */
function Glow(props: { standby: string; laid: readonly LaidCable[]; traffic: Traffic }) {
  const laid = () => props.laid.find(({ standby }) => standby === props.standby);
  const lit = (down: boolean) =>
    props.traffic.arrived.find(
      (message) =>
        message.kind !== 'keepalive' &&
        (down ? message.to === props.standby : message.from === props.standby) &&
        runsOn(laid(), message),
    );
  return (
    <Show when={laid()}>
      {(one) => (
        <>
          <Show when={lit(true)}>
            <path class="glow" data-stage="sent" d={drawn(one().cable.down)} />
          </Show>
          <Show when={lit(false)}>
            <path class="glow" d={drawn(one().cable.up)} />
          </Show>
        </>
      )}
    </Show>
  );
}

const runsOn = (laid: LaidCable | undefined, { from, to }: MessageView): boolean =>
  laid !== undefined &&
  ((laid.upstream === from && laid.standby === to) ||
    (laid.upstream === to && laid.standby === from));

const pathOf = ({ cable, upstream }: LaidCable, { from }: MessageView) =>
  from === upstream ? cable.down : cable.up;

/** WAL is a full triangle, as large as it has bytes; a reply is an outline with the mark of the stage that it brings. */
function shapeOf({ message, stage }: Mark): string {
  const size = sizeOf(message);
  if (message.kind === 'wal') {
    return `M${-size / 2} ${-size / 2}L${size / 2} 0L${-size / 2} ${size / 2}Z`;
  }
  if (stage === 'written') return 'M-5 -5H5V5H-5Z';
  if (stage === 'flushed') return 'M0 -7L7 0L0 7L-7 0Z';
  if (stage === 'replayed') return circle(5.5);
  return circle(3);
}

const circle = (r: number) => `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`;

const sameIds = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);
