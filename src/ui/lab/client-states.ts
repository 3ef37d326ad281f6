import type { StatementView } from '../../cluster/cluster-view.ts';

/** How one of a lab's clients stands: what it has sent, what it was told, and what it waits for. */
export interface ClientState {
  readonly name: string;
  /** Where it sent its last request, or will send its first. */
  readonly node: string;
  readonly sent: number;
  readonly acknowledged: number;
  /** Answered with an error. */
  readonly failed: number;
  /** The connection ended before an answer came. */
  readonly lost: number;
  /** The request that is not answered yet. */
  readonly open: StatementView | null;
}

/** In the order of the lab. Many thousands of statements are no matter: each is looked at once. */
export function clientStates(
  clients: readonly { readonly name: string; readonly hosts: readonly string[] }[],
  statements: readonly StatementView[],
): readonly ClientState[] {
  const states = clients.map(({ name, hosts }) => ({
    name,
    node: hosts[0] ?? '',
    sent: 0,
    acknowledged: 0,
    failed: 0,
    lost: 0,
    open: null as StatementView | null,
  }));
  const stateOf = new Map(
    clients.flatMap(({ name, hosts }, i) =>
      hosts.map((host) => [`${host} ${name}`, states[i]] as const),
    ),
  );
  for (const statement of statements) {
    const state = stateOf.get(`${statement.node} ${statement.session}`);
    if (!state) continue;
    state.node = statement.node;
    state.sent++;
    if (statement.state === 'done') state.acknowledged++;
    else if (statement.state === 'error') state.failed++;
    else if (statement.state === 'lost') state.lost++;
    else state.open = statement;
  }
  return states;
}
