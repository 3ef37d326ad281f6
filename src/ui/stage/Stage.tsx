import { createMemo, createSignal, For, Show } from 'solid-js';
import { shownView } from '../../session/snapshot.ts';
import { useBench } from '../bench-state.ts';
import { Cables, type LaidCable } from './Cables.tsx';
import { cableBetween, idleCable } from './cable-path.ts';
import { Messages } from './Messages.tsx';
import { NodeCard } from './NodeCard.tsx';
import { planOf, type StagePlan } from './stage-plan.ts';
import { useBoxes } from './use-boxes.ts';

const NOTHING: StagePlan = { ranks: [], streams: [], idle: [] };

/** The cluster as a drawing: its servers, the cables between them, and what travels on these. */
export function Stage(props: { panel: string }) {
  const { pick } = useBench();
  const plan = pick((s) => {
    const view = shownView(s);
    return view ? planOf(view) : NOTHING;
  });
  const ranks = createMemo(() => plan().ranks, undefined, {
    equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  });
  const [stage, setStage] = createSignal<HTMLDivElement>();
  const boxes = useBoxes(stage, () => ranks().flat());
  const laid = createMemo((): readonly LaidCable[] =>
    plan().streams.flatMap(({ upstream, standby, link, index, count }) => {
      const from = boxes().get(upstream);
      const to = boxes().get(standby);
      if (!from || !to) return [];
      const cable = cableBetween(from, to, index, count);
      return [{ upstream, standby, link, cable, end: to }];
    }),
  );
  const idle = createMemo(() =>
    plan().idle.flatMap((link) => {
      const a = boxes().get(link.a);
      const b = boxes().get(link.b);
      // Where there are many servers, the inspector lists what is not drawn.
      const cards = boxes().size > 3 ? boxes().values() : [];
      const path = a && b ? idleCable(a, b, cards) : null;
      return path ? [{ link, path }] : [];
    }),
  );
  return (
    <div class="drawing" data-ranks={ranks().length} ref={setStage}>
      <div class="ranks">
        <For each={ranks()}>
          {(names) => (
            <div class="rank">
              <For each={names}>{(name) => <NodeCard node={name} panel={props.panel} />}</For>
            </div>
          )}
        </For>
      </div>
      <Show when={boxes().size > 0}>
        <Cables laid={laid()} idle={idle()} panel={props.panel} />
        <Messages laid={laid()} panel={props.panel} />
      </Show>
    </div>
  );
}
