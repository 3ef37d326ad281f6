import { createSignal, Show } from 'solid-js';
import { addressOf } from '../session/keep/linked-run.ts';
import { MAX_LINK } from '../session/keep/run-link.ts';
import { isLab } from '../session/run-spec.ts';
import { shownNow } from '../session/snapshot.ts';
import type { Instant } from '../sim/instant.ts';
import { exportRun } from './download.ts';
import { useFigure } from './figure-session.ts';
import { labFigure } from './lab/lab-facts.ts';
import { clockTime } from './time-words.ts';

interface Made {
  readonly at: Instant;
  readonly address: string;
}

/** A link that opens this run at the moment that is shown, or a file where the link would be too long. */
export function Share(props: { figure: string }) {
  const { session, snapshot } = useFigure(props.figure);
  const [made, setMade] = createSignal<Made | null>(null);
  const [said, setSaid] = createSignal('');
  let field: HTMLInputElement | undefined;
  const make = async () => {
    const { record } = snapshot();
    if (!record) return;
    const at = shownNow(snapshot());
    // A run that is only shown belongs to its lab: there the link opens it.
    const of = isLab(record.spec) ? labFigure(record.spec.lab) : props.figure;
    const address = await addressOf({ of, at, record });
    setSaid('');
    setMade({ at, address });
    field?.select();
  };
  const copy = async () => {
    const { address } = made() ?? {};
    if (address === undefined) return;
    try {
      await navigator.clipboard.writeText(address);
      setSaid('Copied.');
    } catch {
      field?.select();
      setSaid('The browser does not let the page copy. The link is selected: copy it yourself.');
    }
  };
  return (
    <>
      <button type="button" class="act" onClick={() => void make()}>
        Share this moment
      </button>
      <div class="share" role="status">
        <Show when={made()}>
          {(link) => (
            <Show
              when={link().address.length <= MAX_LINK}
              fallback={
                <>
                  <p>
                    This run is too long for a link: it would have{' '}
                    {link().address.length.toLocaleString('en')} characters, and mail and chat
                    programs cut what is longer than {MAX_LINK.toLocaleString('en')}. Share it as a
                    file, which opens at {clockTime(link().at)} too.
                  </p>
                  <button
                    type="button"
                    class="act"
                    onClick={() => void exportRun(session, props.figure, link().at)}
                  >
                    Download the file
                  </button>
                </>
              }
            >
              <label>
                <span>Opens this run at {clockTime(link().at)}, for whoever has the link</span>
                <input
                  ref={field}
                  type="text"
                  readonly
                  value={link().address}
                  onFocus={(event) => event.currentTarget.select()}
                />
              </label>
              <button type="button" class="act primary" onClick={() => void copy()}>
                Copy
              </button>
              <span class="said">{said()}</span>
            </Show>
          )}
        </Show>
      </div>
    </>
  );
}
