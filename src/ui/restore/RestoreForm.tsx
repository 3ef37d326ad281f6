import { createMemo, createSignal, For, Show } from 'solid-js';
import { shownEvents } from '../../session/snapshot.ts';
import { useFigure } from '../figure-session.ts';
import { ServerLog } from '../ServerLog.tsx';
import './restore.css';

export type SignalFile = 'recovery' | 'standby' | 'none';

const SIGNALS: readonly { readonly id: SignalFile; readonly words: string }[] = [
  { id: 'recovery', words: 'recovery.signal' },
  { id: 'standby', words: 'standby.signal' },
  { id: 'none', words: 'no signal file' },
];

export interface RestoreProps {
  readonly figure: string;
  readonly node: string;
  readonly backup: string;
  readonly signal?: SignalFile;
  /** Lines of postgresql.conf that are there to begin with. */
  readonly conf: string;
}

/** Starts a machine on a backup's files, with the reader's own settings, and shows what its server logs. */
export default function RestoreForm(props: RestoreProps) {
  const { session } = useFigure(props.figure);
  const [backup, setBackup] = createSignal(props.backup);
  const [signal, setSignal] = createSignal<SignalFile>(props.signal ?? 'recovery');
  const [conf, setConf] = createSignal(props.conf);
  /** What was sent last: its log shows here, and that of another form there. */
  const [asked, setAsked] = createSignal({ backup: props.backup, conf: props.conf });
  return (
    <div class="restore">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const what = { node: props.node, backup: backup().trim(), signal: signal() };
          setAsked({ backup: what.backup, conf: conf() });
          void session.act({ kind: 'restore', ...what, conf: conf() });
        }}
      >
        <div class="tool-row">
          <label class="choice">
            <span>on {props.node}, the backup</span>
            <input
              type="text"
              size="10"
              spellcheck={false}
              autocapitalize="off"
              autocomplete="off"
              value={backup()}
              onInput={(event) => setBackup(event.currentTarget.value)}
            />
          </label>
          <label class="choice">
            <span>with</span>
            <select onChange={(event) => setSignal(event.currentTarget.value as SignalFile)}>
              <For each={SIGNALS}>
                {({ id, words }) => (
                  <option value={id} selected={id === signal()}>
                    {words}
                  </option>
                )}
              </For>
            </select>
          </label>
        </div>
        <textarea
          rows="4"
          aria-label={`Lines of postgresql.conf for ${props.node}`}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          value={conf()}
          onInput={(event) => setConf(event.currentTarget.value)}
        />
        <button type="submit" class="act primary">
          Restore and start {props.node}
        </button>
      </form>
      <RestoreLog figure={props.figure} node={props.node} {...asked()} />
    </div>
  );
}

/** What the server has logged since it was restored last. */
function RestoreLog(props: { figure: string; node: string; backup: string; conf: string }) {
  const { pick } = useFigure(props.figure);
  const events = pick(shownEvents);
  const lines = createMemo(() => {
    const own = events().filter(({ node }) => node === props.node);
    const begun = own.findLastIndex(({ kind }) => kind === 'restore');
    const { backup, conf } = own[begun]?.facts ?? {};
    if (backup !== props.backup || conf !== props.conf) return [];
    return own.slice(begun).filter(({ kind }) => kind === 'serverLog');
  });
  return (
    <Show when={lines().length > 0}>
      <ServerLog node={props.node} lines={lines()} />
    </Show>
  );
}
