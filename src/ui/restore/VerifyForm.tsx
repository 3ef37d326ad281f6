import { createMemo, createSignal, For, Show } from 'solid-js';
import { verifyCommand } from '../../cluster/verify-command.ts';
import { shownEvents } from '../../session/snapshot.ts';
import { useFigure } from '../figure-session.ts';
import './restore.css';

type Wal = Parameters<typeof verifyCommand>[0]['wal'];

const WALS: readonly { readonly wal: Wal; readonly words: string }[] = [
  { wal: 'archive', words: 'the archive’s WAL' },
  { wal: 'backup', words: 'its own WAL' },
  { wal: 'skip', words: 'no WAL' },
];

/** Runs pg_verifybackup on a backup and shows what it printed last. */
export default function VerifyForm(props: { figure: string; backup: string }) {
  const { session, pick } = useFigure(props.figure);
  const [backup, setBackup] = createSignal(props.backup);
  const [wal, setWal] = createSignal<Wal>('archive');
  const [asked, setAsked] = createSignal<string | null>(null);
  const command = createMemo(() => verifyCommand({ backup: backup().trim(), wal: wal() }));
  const events = pick(shownEvents);
  const said = createMemo(() => {
    const { facts } =
      events().findLast(
        ({ kind, facts }) =>
          kind === 'backupVerified' &&
          verifyCommand({ backup: String(facts.backup), wal: facts.wal as Wal }) === asked(),
      ) ?? {};
    return facts ? String(facts.output) : null;
  });
  return (
    <div class="restore verify">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(command());
          void session.act({ kind: 'verifyBackup', backup: backup().trim(), wal: wal() });
        }}
      >
        <div class="tool-row">
          <label class="choice">
            <span>the backup</span>
            <input
              type="text"
              size="10"
              required
              spellcheck={false}
              autocapitalize="off"
              autocomplete="off"
              value={backup()}
              onInput={(event) => setBackup(event.currentTarget.value)}
            />
          </label>
          <label class="choice">
            <span>with</span>
            <select onChange={(event) => setWal(event.currentTarget.value as Wal)}>
              <For each={WALS}>
                {({ wal: id, words }) => (
                  <option value={id} selected={id === wal()}>
                    {words}
                  </option>
                )}
              </For>
            </select>
          </label>
        </div>
        <button type="submit" class="act primary command">
          {command()}
        </button>
      </form>
      <div role="status" class="verified">
        <Show when={said()}>
          {(output) => (
            <>
              <p class="asked">$ {asked()}</p>
              <pre>{output()}</pre>
            </>
          )}
        </Show>
      </div>
    </div>
  );
}
