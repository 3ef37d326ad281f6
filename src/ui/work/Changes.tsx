import { For, Show } from 'solid-js';
import { keyOf } from '../../session/keep/keepsake.ts';
import type { Change, Standing } from '../../session/keep/progress-preview.ts';
import { ServerText } from '../Pieces.tsx';
import { contentsInWords, counted, thingInWords } from './thing-words.ts';
import type { WorkOutline } from './work-outline.ts';

const GROUPS: readonly {
  readonly standing: Standing;
  readonly title: string;
  readonly says: string;
}[] = [
  {
    standing: 'conflict',
    title: 'Parted ways',
    says: 'The file and this device have each gone on by themselves. Tick what the file is to win; a run of yours is put aside.',
  },
  { standing: 'newer', title: 'Newer in the file', says: 'The file has more, or has it later.' },
  { standing: 'new', title: 'New', says: 'This device has nothing there.' },
  {
    standing: 'older',
    title: 'Older in the file',
    says: 'This device has more, or has it later. Left as it is unless you tick it.',
  },
];

/** What a file would change on this device, thing by thing. */
export function Changes(props: {
  changes: readonly Change[];
  chosen: ReadonlySet<string>;
  choose: (keys: readonly string[], on: boolean) => void;
  outline: WorkOutline;
}) {
  const of = (standing: Standing) => props.changes.filter((change) => change.standing === standing);
  return (
    <>
      <For each={GROUPS}>
        {(group) => (
          <Show when={of(group.standing).length > 0}>
            <fieldset class="changes" data-standing={group.standing}>
              <legend>
                {group.title} <span class="count">{of(group.standing).length}</span>
              </legend>
              <div class="changes-head">
                <p>{group.says}</p>
                <div class="tool-row" hidden={of(group.standing).length < 2}>
                  <For each={[true, false]}>
                    {(on) => (
                      <button
                        type="button"
                        class="act"
                        aria-label={`${group.title}: take ${on ? 'all' : 'none'}`}
                        onClick={() => props.choose(of(group.standing).map(keyOfChange), on)}
                      >
                        {on ? 'All' : 'None'}
                      </button>
                    )}
                  </For>
                </div>
              </div>
              <ul>
                <For each={of(group.standing)}>
                  {(change) => (
                    <li>
                      <label>
                        <input
                          type="checkbox"
                          checked={props.chosen.has(keyOfChange(change))}
                          onChange={(event) =>
                            props.choose([keyOfChange(change)], event.currentTarget.checked)
                          }
                        />
                        <span>
                          <ServerText text={thingInWords(change.incoming, props.outline)} />
                          <span class="compared">
                            in the file: <ServerText text={contentsInWords(change.incoming)} />
                            <Show when={change.present}>
                              {(present) => (
                                <>
                                  {' · '}here: <ServerText text={contentsInWords(present())} />
                                </>
                              )}
                            </Show>
                          </span>
                        </span>
                      </label>
                    </li>
                  )}
                </For>
              </ul>
            </fieldset>
          </Show>
        )}
      </For>
      <Show when={of('same').length > 0}>
        <p class="soft">The same in the file as here: {counted(of('same').length, 'thing')}.</p>
      </Show>
    </>
  );
}

export const keyOfChange = ({ incoming }: Change): string => keyOf(incoming);
