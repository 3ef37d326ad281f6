import { Match, Switch } from 'solid-js';
import type { Item, LaneMark, MessageLine, StatementBar } from './space-time.ts';

/** One shape of the space-time diagram, to be chosen by pointer or keyboard. */
export function Shape(props: {
  item: Item;
  isStop: boolean;
  chosen: boolean;
  words: string;
  tell: (on: boolean) => void;
  focused: () => void;
  choose: () => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button of its own
    <g
      class="shape"
      data-id={props.item.id}
      data-chosen={props.chosen}
      role="button"
      tabindex={props.isStop ? 0 : -1}
      aria-label={props.words}
      onPointerEnter={() => props.tell(true)}
      onPointerLeave={() => props.tell(false)}
      onFocus={() => {
        props.focused();
        props.tell(true);
      }}
      onBlur={() => props.tell(false)}
      onClick={props.choose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        props.choose();
      }}
    >
      <Switch>
        <Match when={props.item.kind === 'message' && (props.item as MessageLine)}>
          {(line) => <Message line={line()} />}
        </Match>
        <Match when={props.item.kind === 'statement' && (props.item as StatementBar)}>
          {(bar) => <Statement bar={bar()} />}
        </Match>
        <Match when={props.item.kind === 'mark' && (props.item as LaneMark)}>
          {(mark) => <Mark mark={mark()} />}
        </Match>
      </Switch>
    </g>
  );
}

function Message(props: { line: MessageLine }) {
  const heading = () =>
    (Math.atan2(props.line.y2 - props.line.y1, props.line.x2 - props.line.x1) * 180) / Math.PI;
  const ends = () => ({
    x1: props.line.x1,
    y1: props.line.y1,
    x2: props.line.x2,
    y2: props.line.y2,
  });
  return (
    <g
      class="message-line"
      data-kind={props.line.message.kind}
      data-state={props.line.state}
      data-stage={props.line.stage ?? undefined}
    >
      <line class="reach" {...ends()} />
      <line class="way" {...ends()} />
      <path
        class="head"
        d={
          props.line.state === 'lost' || props.line.state === 'held'
            ? 'M-4 -4 4 4M-4 4 4 -4'
            : 'M-8 -4 0 0-8 4'
        }
        transform={`translate(${props.line.x2} ${props.line.y2}) rotate(${heading().toFixed(1)})`}
      />
    </g>
  );
}

const LEAST_BAR = 3;
const LABEL_FROM = 90;
const CHARACTER = 6.4;

function Statement(props: { bar: StatementBar }) {
  const width = () => Math.max(LEAST_BAR, props.bar.x2 - props.bar.x1);
  const label = () => {
    const room = Math.floor((width() - 10) / CHARACTER);
    const { sql } = props.bar.statement;
    return sql.length > room ? `${sql.slice(0, Math.max(0, room - 1))}…` : sql;
  };
  return (
    <g class="statement-bar" data-state={props.bar.statement.state}>
      <rect
        class="reach"
        x={props.bar.x1 - 3}
        y={props.bar.y - 3}
        width={width() + 6}
        height="12"
      />
      <rect class="bar" x={props.bar.x1} y={props.bar.y} width={width()} height="6" rx="2" />
      <title>{width() > LABEL_FROM ? label() : props.bar.statement.sql.slice(0, 80)}</title>
    </g>
  );
}

function Mark(props: { mark: LaneMark }) {
  return (
    <g
      class="lane-mark"
      data-stage={props.mark.stage ?? undefined}
      transform={`translate(${props.mark.x} ${props.mark.y})`}
    >
      <circle class="reach" r="11" />
      <path class="stamp" d={signOf(props.mark)} />
    </g>
  );
}

function signOf({ stage }: LaneMark): string {
  if (stage === 'written') return 'M-4 -4H4V4H-4Z';
  if (stage === 'flushed') return 'M0 -6L6 0L0 6L-6 0Z';
  if (stage === 'replayed')
    return 'M-4.500 0A4.500 4.500 0 1 1 4.500 0A4.500 4.500 0 1 1 -4.500 0Z';
  // What befalls: a stroke through the lane, with a foot.
  return 'M-1.500 -13H1.500V13H-1.500ZM-5 -13H5V-9H-5Z';
}
