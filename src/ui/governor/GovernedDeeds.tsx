import { For, Show } from 'solid-js';
import type { Action } from '../../cluster/action.ts';
import type { PlayAction } from '../../ha/play/play.ts';
import { lastSent, type Snapshot } from '../../session/snapshot.ts';
import { ActionButton } from '../ActionButton.tsx';
import { useFigure } from '../figure-session.ts';
import { actionOf } from './deed-action.ts';
import { deedWords } from './deed-words.ts';

export interface DeedsOfProse {
  readonly figure: string;
  readonly deeds?: readonly PlayAction[];
  /** Done in a row, by one button. */
  readonly script?: readonly Deed[];
}

type Query = Extract<Action, { readonly kind: 'sql' }>;
type Deed = PlayAction | Query;

const isAnswered = ({ statements }: Snapshot, { node, session, sql }: Query): boolean =>
  lastSent(statements, node, session, sql)?.state !== 'running';

/** What is done from the prose to real servers and to what governs them: single deeds, or several in one instant. */
export default function GovernedDeeds(props: DeedsOfProse) {
  const { session } = useFigure(props.figure);
  const perform = async (script: readonly Deed[]) => {
    for (const deed of script) {
      const action = deed.kind === 'sql' ? deed : actionOf(deed);
      if (action === null) continue;
      await session.act(action);
      if (deed.kind === 'sql') await session.snapshot.until((s) => isAnswered(s, deed));
    }
  };
  return (
    <>
      <Show when={props.script}>
        {(script) => (
          <>
            <ol class="script">
              <For each={script()}>
                {(deed) => (
                  <li>
                    {deed.kind === 'sql' ? (
                      <>
                        {deed.node}, session {deed.session}: <code>{deed.sql}</code>
                      </>
                    ) : (
                      deedWords(deed)
                    )}
                  </li>
                )}
              </For>
            </ol>
            <button type="button" class="act" onClick={() => void perform(script())}>
              Do this
            </button>
          </>
        )}
      </Show>
      <div class="tool-row">
        <For each={props.deeds ?? []}>
          {(deed) => {
            const action = actionOf(deed);
            return (
              action && (
                <ActionButton figure={props.figure} action={action}>
                  {deedWords(deed)}
                </ActionButton>
              )
            );
          }}
        </For>
      </div>
    </>
  );
}
