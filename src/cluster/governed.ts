/**
 * A cluster under Patroni: what governs it stands on the cluster's own clock, sees its servers, and does to them what an operator
 * could do. PostgreSQL is real, the governing is the model of `ha/`.
 */
import { lastFound } from '../ha/chronicle.ts';
import { type FoundByClient, foundByClient } from '../ha/clients/leads-to.ts';
import { type CableDeed, isCableDeed } from '../ha/deeds.ts';
import { type Found, foundAs } from '../ha/found.ts';
import { Governance } from '../ha/governance.ts';
import type { GovernorEvent } from '../ha/governor-state.ts';
import type { GovernorSpec } from '../ha/ha-port.ts';
import { governorView, printList } from '../ha/patronictl.ts';
import type { PostgresCommand, PostgresFacts } from '../ha/postgres-port.ts';
import type { Lsn } from '../postgres/lsn.ts';
import { after, seconds } from '../sim/instant.ts';
import type { Action } from './action.ts';
import type { ClusterParts } from './cluster-parts.ts';
import { isGovernedAction } from './governed-action.ts';
import type { GovernedView } from './governed-view.ts';
import { postgresFacts } from './governor-look.ts';
import {
  checkpointServer,
  followNode,
  renewNode,
  rewindNode,
  setParameter,
  startServer,
  stopServer,
} from './operator.ts';

/** Who uses the cluster through its proxy. */
export interface ProxyClients {
  /** Sessions on a node that the proxy has led there. */
  proxied(node: string): readonly string[];
}

/** How a client finds a node, whoever governs the cluster. */
export function foundByClients(
  node: string,
  { state, node: nodeOf }: ClusterParts,
  governed: Governed | null,
): FoundByClient {
  const reaches = governed?.governance.linkedToClients(node) ?? true;
  return foundByClient(postgresFacts(state, node, nodeOf(node).settings), reaches);
}

/** A commit that has waited for so long is one whose client waits. */
const WAITS_AFTER = seconds(1);

export class Governed {
  readonly #parts: ClusterParts;
  readonly #clients: ProxyClients;
  readonly #governance: Governance;

  /** All servers run; their Patronis are started now. */
  constructor(spec: GovernorSpec, parts: ClusterParts, clients: ProxyClients) {
    this.#parts = parts;
    this.#clients = clients;
    const { nodes, seed } = parts.spec;
    this.#governance = new Governance(spec, nodes, seed, {
      now: () => parts.now(),
      look: (name) => this.#look(name),
      schedule: (at, event) => parts.schedule(at, { kind: 'governor', event }),
      obey: (node, command) => this.#obey(node, command),
      reset: (node) => parts.feed({ kind: 'powerOff', node }),
      switchedOn: (node) => parts.feed({ kind: 'switchOn', node }),
      logged: ({ node, level, text }) =>
        parts.note('patroniLog', node, `Patroni on ${node} logs: ${level}: ${text}`, {
          level,
          text,
        }),
      happened: (event, node, words) => parts.note(event, node, words),
      closeProxied: (node) => this.#closeProxied(node),
    });
  }

  get governance(): Governance {
    return this.#governance;
  }

  handle(event: GovernorEvent): void {
    this.#governance.feed(event);
  }

  /** Somebody has done something, which the servers know already: what befell machines and cables befell Patroni, too. */
  acted(action: Action): void {
    const governance = this.#governance;
    if (action.kind === 'powerOff') governance.feed({ kind: 'machineOff', node: action.node });
    else if (action.kind === 'cut' || action.kind === 'heal') {
      const { a, b } = action;
      governance.feed({ kind: 'nodeLink', a, b, works: action.kind === 'heal' });
    } else if (isCableDeed(action)) this.#cable(action);
    else if (action.kind === 'powerOn') governance.switchOn(action.node);
    else if (isGovernedAction(action)) governance.feed(action);
    this.chronicle();
  }

  #cable(deed: CableDeed): void {
    const { node: a } = deed;
    if (deed.kind === 'isolate' || deed.kind === 'rejoin')
      for (const b of this.#governance.nodes)
        if (b !== a) this.#parts.feed({ kind: deed.kind === 'isolate' ? 'cut' : 'heal', a, b });
    this.#governance.cable(deed);
  }

  /** Where HAProxy sends a new connection; null: it has no server. */
  proxied(): string | null {
    return this.#governance.proxied();
  }

  /** Writes down what has changed: to be called after everything that happens. */
  chronicle(): void {
    const { chronicle, nodes } = this.#governance;
    const found: Record<string, Found> = {};
    for (const node of nodes) {
      const before = lastFound(chronicle, node);
      found[node] = foundAs(this.#look(node), before, !this.#isWaiting(node));
    }
    this.#governance.chronicleNow(found);
  }

  /** The chronicle begins with the present instant. */
  beginChronicle(): void {
    this.#governance.forget();
    this.chronicle();
  }

  view(): GovernedView {
    const { state, spec, nodes, chronicle } = this.#governance;
    const connections = nodes.map((node) => [node, this.#clients.proxied(node).length] as const);
    const { at: _, ...view } = governorView(
      state,
      Object.fromEntries(connections),
      this.#parts.now(),
    );
    const servers = nodes.map((node) => {
      const { status, timeline, inRecovery, walLsn, receiveLsn, replayLsn } = this.#look(node);
      const wal = inRecovery ? (Math.max(receiveLsn, replayLsn) as Lsn) : walLsn;
      return [node, { status, timeline, wal }] as const;
    });
    return {
      ...view,
      scope: spec.scope,
      chronicle,
      list: printList(spec.scope, state.dcs.keys),
      servers: Object.fromEntries(servers),
    };
  }

  #look(name: string): PostgresFacts {
    return postgresFacts(this.#parts.state, name, this.#parts.node(name).settings);
  }

  #isWaiting(node: string): boolean {
    const { flights } = this.#parts;
    const now = this.#parts.now();
    return flights.waitingCommits().some((commit) => {
      const sentAt = flights.statements[commit.statementId]?.sentAt ?? now;
      return commit.node === node && after(sentAt, WAITS_AFTER) <= now;
    });
  }

  #closeProxied(name: string): void {
    const { sessions } = this.#parts.node(name);
    for (const session of this.#clients.proxied(name)) {
      const open = sessions.get(session);
      if (open && open.ended === null) this.#parts.flights.terminate(open);
    }
  }

  /** Patroni calls pg_ctl, or writes a line of the configuration. What cannot be done now is not done. */
  #obey(node: string, command: PostgresCommand): void {
    const parts = this.#parts;
    const { status, inRecovery } = this.#look(node);
    switch (command.kind) {
      case 'start':
        if (status !== 'down') break;
        if (command.as === 'standby') followNode(node, command.upstream, parts);
        startServer(node, parts);
        break;
      case 'stop':
        if (status === 'up' && command.mode === 'fast') stopServer(node, parts);
        else if (status === 'starting' || (status !== 'down' && command.mode === 'immediate'))
          parts.feed({ kind: 'kill', node });
        break;
      case 'promote':
        parts.feed({ kind: 'promote', node });
        break;
      case 'follow':
        if (inRecovery) followNode(node, command.upstream, parts);
        break;
      case 'rewind':
        if (status === 'down') rewindNode(node, command.upstream, false, parts);
        break;
      case 'reinitialize':
        renewNode(node, command.upstream, parts);
        break;
      case 'synchronousStandbyNames':
        setParameter(node, 'synchronous_standby_names', command.value, parts);
        break;
      case 'checkpoint':
        if (status === 'up') checkpointServer(node, parts);
        break;
    }
  }
}
