import { createMemo, For, Show } from 'solid-js';
import { shownEvents, shownView } from '../../session/snapshot.ts';
import { ActionButton } from '../ActionButton.tsx';
import { useFigure } from '../figure-session.ts';
import { nodeOf } from '../node-of.ts';
import { ServerLog } from '../ServerLog.tsx';

type Takeover =
  | { readonly kind: 'promote' | 'stop' | 'start'; readonly node: string }
  | {
      readonly kind: 'follow' | 'rewind' | 'baseBackup';
      readonly node: string;
      readonly upstream: string;
    };

const wordsOf = (action: Takeover): string => {
  switch (action.kind) {
    case 'promote':
      return `Promote ${action.node}`;
    case 'stop':
      return `Shut ${action.node} down (fast)`;
    case 'start':
      return `Start ${action.node}`;
    case 'follow':
      return `Let ${action.node} follow ${action.upstream}`;
    case 'rewind':
      return `pg_rewind ${action.node} from ${action.upstream}`;
    case 'baseBackup':
      return `New base backup of ${action.node} from ${action.upstream}`;
  }
};

/** What an operator does to servers' roles, as buttons, and what the server concerned writes into its log about it. */
export default function Failover(props: {
  figure: string;
  deeds?: readonly Takeover[];
  /** Whose log to show. */
  log?: string;
}) {
  const { pick } = useFigure(props.figure);
  const sleeps = pick((s) => props.log !== undefined && nodeOf(shownView(s), props.log) === null);
  return (
    <div class="step failover" data-figure={props.figure}>
      <Show when={props.deeds}>
        {(deeds) => (
          <div class="tool-row">
            <For each={deeds()}>
              {(deed) => (
                <ActionButton figure={props.figure} action={deed}>
                  {wordsOf(deed)}
                </ActionButton>
              )}
            </For>
          </div>
        )}
      </Show>
      <For each={props.deeds?.filter(({ kind }) => kind === 'rewind')}>
        {({ node }) => <RewindSays figure={props.figure} node={node} />}
      </For>
      <Show when={props.log}>
        {(node) => (
          <Show
            when={!sleeps()}
            fallback={
              <p class="asleep">The server log of {node()} shows here once the cluster runs.</p>
            }
          >
            <LastLines figure={props.figure} node={node()} />
          </Show>
        )}
      </Show>
    </div>
  );
}

/** pg_rewind is a program of its own: what it says is in no server's log. */
function RewindSays(props: { figure: string; node: string }) {
  const { pick } = useFigure(props.figure);
  const last = pick((s) =>
    shownEvents(s).findLast(({ kind, node }) => /^rew/.test(kind) && node === props.node),
  );
  return (
    <p role="status">
      <Show when={last()}>{(said) => <code>{said().words}</code>}</Show>
    </p>
  );
}

/** As many lines as one can take in. */
const LINES = 8;

function LastLines(props: { figure: string; node: string }) {
  const { pick } = useFigure(props.figure);
  const events = pick(shownEvents);
  const lines = createMemo(() =>
    events()
      .filter(({ kind, node }) => kind === 'serverLog' && node === props.node)
      .slice(-LINES),
  );
  return (
    <ServerLog node={props.node} lines={lines()} fallback={<p>It has written nothing yet.</p>} />
  );
}
