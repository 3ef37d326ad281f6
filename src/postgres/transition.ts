/** One step of the replication machine on its way: the state so far, and the effects. */
import type { Instant } from '../sim/instant.ts';
import { type Link, send } from '../sim/link.ts';
import { formatLsn } from './lsn.ts';
import type { RecordLog } from './record-log.ts';
import type { ReplicationEffect, ReplicationEvent } from './replication-port.ts';
import { linkKey, type NodeState, type ReplicationState, recordsOf } from './replication-state.ts';
import { type StreamingMessage, wireBytes } from './streaming-protocol.ts';

/** Of a line in a server log (elog.h), as far as they occur here. */
export type LogLevel = 'LOG' | 'WARNING' | 'ERROR' | 'FATAL' | 'PANIC';

type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** Used within one step only. The states it starts from and ends with are values. */
export class Transition {
  state: ReplicationState;
  /** Copies made in this step: nobody else has seen them, so that further changes go into them. */
  #nodes: Record<string, NodeState> | null = null;
  #links: Record<string, Link<StreamingMessage>> | null = null;
  readonly at: Instant;
  readonly effects: ReplicationEffect[] = [];

  constructor(state: ReplicationState, at: Instant) {
    this.state = state;
    this.at = at;
  }

  /** Throws RangeError for a name that no node has. */
  node(name: string): NodeState {
    const node = this.state.nodes[name];
    if (!node) throw new RangeError(`no node "${name}"`);
    return node;
  }

  /** The records of a node's WAL. */
  records(name: string): RecordLog {
    return recordsOf(this.state, name);
  }

  change(name: string, fields: Partial<NodeState>): NodeState {
    const node = { ...this.node(name), ...fields };
    if (this.#nodes === null || this.#nodes !== this.state.nodes) {
      this.#nodes = { ...this.state.nodes };
      this.state = { ...this.state, nodes: this.#nodes };
    }
    this.#nodes[name] = node;
    return node;
  }

  /** Throws RangeError where the two are not two nodes. */
  link(from: string, to: string): Link<StreamingMessage> {
    const link = this.state.links[linkKey(from, to)];
    if (!link) throw new RangeError(`no link from "${from}" to "${to}"`);
    return link;
  }

  /** Puts a link's new value in place, and asks to be told of the arrivals of what was sent on it since `oldCount`. */
  changeLink(from: string, to: string, link: Link<StreamingMessage>, oldCount: number): void {
    if (this.#links === null || this.#links !== this.state.links) {
      this.#links = { ...this.state.links };
      this.state = { ...this.state, links: this.#links };
    }
    this.#links[linkKey(from, to)] = link;
    if (link.cut) return;
    for (const { arrivesAt } of link.inFlight.slice(oldCount)) {
      this.schedule(arrivesAt, { kind: 'arrival', from, to });
    }
  }

  send(from: string, to: string, message: StreamingMessage): void {
    const link = this.link(from, to);
    const bytes = wireBytes(message);
    const sent = send(link, message, bytes, this.at);
    this.changeLink(from, to, sent, link.inFlight.length);
    const arrivesAt = sent.cut ? null : (sent.inFlight.at(-1)?.arrivesAt ?? null);
    const said = describe(from, to, message);
    if (said) {
      const facts = { ...said.facts, from, to, bytes, arrivesAt, connection: message.connection };
      this.happened(said.event, from, said.words, facts);
    }
  }

  schedule(at: Instant, event: ReplicationEvent): void {
    if (Number.isFinite(at)) this.effects.push({ kind: 'schedule', at, event });
  }

  /** A line of a node's server log, in PostgreSQL's own words. `process`: which one writes it. */
  log(
    node: string,
    process: string,
    level: LogLevel,
    message: string,
    { detail = null, hint = null }: { detail?: string | null; hint?: string | null } = {},
  ): void {
    const words = `${node} logs: ${level}:  ${message}`;
    this.happened('serverLog', node, words, { process, level, message, detail, hint });
  }

  happened(event: string, node: string, words: string, facts: Facts = {}): void {
    this.effects.push({ kind: 'happened', event, node, words, facts });
  }
}

/** The trace's words for a message on its way; null for those that only hold a connection together. */
function describe(
  from: string,
  to: string,
  message: StreamingMessage,
): { event: string; words: string; facts: Facts } | null {
  if (message.kind === 'wal') {
    const start = formatLsn(message.from);
    const end = formatLsn(message.to);
    return {
      event: 'walSent',
      words: `${from} sends ${to} the WAL from ${start} to ${end}.`,
      facts: { startLsn: start, endLsn: end },
    };
  }
  if (message.kind === 'reply') {
    const writeLsn = formatLsn(message.writeLsn);
    const flushLsn = formatLsn(message.flushLsn);
    const replayLsn = formatLsn(message.replayLsn);
    return {
      event: 'replySent',
      words: `${from} reports to ${to}: written ${writeLsn}, flushed ${flushLsn}, replayed ${replayLsn}.`,
      facts: { writeLsn, flushLsn, replayLsn },
    };
  }
  if (message.kind === 'feedback') {
    const { xmin } = message;
    const what = xmin === null ? 'nothing any more' : `what transaction ${xmin} could see`;
    return {
      event: 'feedbackSent',
      words: `${from} tells ${to} what its queries need: ${what}.`,
      facts: { xmin },
    };
  }
  if (message.kind === 'keepalive') {
    const asks = message.replyRequested ? ', and asks for a reply' : '';
    return {
      event: 'keepaliveSent',
      words: `${from} tells ${to} that it is alive${asks}.`,
      facts: { replyRequested: message.replyRequested },
    };
  }
  return null;
}
