import { For, Show } from 'solid-js';
import type { Lab } from '../../lab/lab.ts';
import { describeLabAction } from '../../lab/lab-action.ts';
import { RUN_RECORD_VERSION, type RunRecord } from '../../session/protocol.ts';
import { after, seconds } from '../../sim/instant.ts';
import { ServerText } from '../Pieces.tsx';
import { Inline } from './Inline.tsx';
import { ownSpec } from './lab-facts.ts';
import { useLab } from './lab-state.ts';

/** A solution is shown until its effect can be seen. */
const SEEN_AFTER = seconds(20);

/** What others would do, step by step; each can be played. */
export function Solutions(props: { lab: Lab }) {
  const { facts, show } = useLab();
  const play = (solution: Lab['solutions'][number]) => {
    const actions = solution.actions.map(({ at, action }) => ({
      at: after(facts.takenOverAt, seconds(at)),
      action,
    }));
    const until = after(actions.at(-1)?.at ?? facts.takenOverAt, SEEN_AFTER);
    const record: RunRecord = {
      version: RUN_RECORD_VERSION,
      spec: ownSpec(facts),
      actions,
      until,
    };
    show(`The solution “${solution.name}”`, solution.why, record, facts.takenOverAt);
  };
  return (
    <div class="solutions">
      <h3>{props.lab.solutions.length === 1 ? 'A solution' : 'More than one way'}</h3>
      <For each={props.lab.solutions}>
        {(solution) => (
          <article>
            <h4>{solution.name}</h4>
            <p>
              <Inline text={solution.why} />
            </p>
            <ol class="script">
              <For each={solution.actions}>
                {({ at, action }) => (
                  <li>
                    <span class="on">{at} s</span>{' '}
                    <Show
                      when={action.kind === 'sql' ? action : null}
                      fallback={<span>{describeLabAction(action)}</span>}
                    >
                      {(sent) => (
                        <code>
                          {sent().node}: <ServerText text={sent().sql} />
                        </code>
                      )}
                    </Show>
                  </li>
                )}
              </For>
            </ol>
            <button type="button" class="act" onClick={() => play(solution)}>
              Play this solution<span class="visually-hidden">: {solution.name}</span>
            </button>
          </article>
        )}
      </For>
    </div>
  );
}
