import { createMemo, createSignal, onCleanup, onMount, Show } from 'solid-js';
import { Lines } from '../Pieces.tsx';
import type { Printed } from './printed.ts';

/** Up to so many lines all of them stand in the page; of more, those in the window and a few around it. */
const FEW_LINES = 60;
const AROUND = 20;
/** Until the page can be measured, as on a printer: enough to fill the window. */
const FIRST_LINES = 40;

/** A printed result. `children` follow its last line. */
export function PrintedLines(props: { printed: Printed; label: string }) {
  return (
    <Show
      when={props.printed.length > FEW_LINES}
      fallback={
        <pre class="rows" tabindex="0">
          <Lines of={[...props.printed.head, ...props.printed.lines(0, FEW_LINES)]} />
        </pre>
      }
    >
      <LongLines printed={props.printed} label={props.label} />
    </Show>
  );
}

/** A window over many lines. Its titles stay in sight; only the lines in it are in the page. */
function LongLines(props: { printed: Printed; label: string }) {
  let view: HTMLDivElement | undefined;
  let body: HTMLPreElement | undefined;
  const [lineHeight, setLineHeight] = createSignal(20);
  const [first, setFirst] = createSignal(0);
  const [visible, setVisible] = createSignal(FIRST_LINES);
  const from = createMemo(() => Math.max(0, first() - AROUND));
  const to = createMemo(() => Math.min(props.printed.length, first() + visible() + AROUND));
  const look = () => {
    if (!view || view.clientHeight === 0) return;
    setFirst(Math.floor(view.scrollTop / lineHeight()));
    setVisible(Math.ceil(view.clientHeight / lineHeight()));
  };
  onMount(() => {
    if (!view || !body) return;
    setLineHeight(Number.parseFloat(getComputedStyle(body).lineHeight));
    const resized = new ResizeObserver(look);
    resized.observe(view);
    onCleanup(() => resized.disconnect());
  });
  return (
    // What scrolls into the window is no news: it must not be read out.
    <section
      class="long-rows"
      ref={view}
      tabindex="0"
      aria-live="off"
      aria-label={props.label}
      onScroll={look}
    >
      <div class="long-rows-paper" style={{ width: `calc(${props.printed.width}ch + 1px)` }}>
        <Show when={props.printed.head.length > 0}>
          <pre class="rows long-rows-head">
            <Lines of={props.printed.head} />
          </pre>
        </Show>
        <div class="long-rows-all" style={{ height: `${props.printed.length * lineHeight()}px` }}>
          <pre
            class="rows"
            ref={body}
            style={{ transform: `translateY(${from() * lineHeight()}px)` }}
          >
            <Lines of={props.printed.lines(from(), to())} />
          </pre>
        </div>
      </div>
    </section>
  );
}
