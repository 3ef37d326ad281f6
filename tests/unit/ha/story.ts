import {
  DEFAULT_DYNAMIC,
  DEFAULT_LOCAL,
  type DynamicConfiguration,
  type LocalConfiguration,
} from '../../../src/ha/configuration.ts';
import { DEFAULT_PROXY } from '../../../src/ha/ha-port.ts';
import { type Acknowledged, Play, type PlayAction } from '../../../src/ha/play/play.ts';
import { primaries, type Server, server } from '../../../src/ha/play/servers.ts';

const NODES = ['node1', 'node2', 'node3'];

export interface Settings {
  readonly dynamic?: Partial<DynamicConfiguration>;
  readonly local?: Partial<LocalConfiguration>;
  readonly withoutWatchdog?: readonly string[];
}

/** A governed cluster to which something happens, and what was seen of it. */
export class Story {
  readonly play: Play;

  constructor({ dynamic, local, withoutWatchdog = [] }: Settings = {}) {
    this.play = new Play(
      {
        scope: 'cafe',
        dynamic: { ...DEFAULT_DYNAMIC, ...dynamic },
        local: Object.fromEntries(NODES.map((node) => [node, { ...DEFAULT_LOCAL, ...local }])),
        dcsMembers: ['etcd1', 'etcd2', 'etcd3'],
        withoutWatchdog,
        proxy: DEFAULT_PROXY,
      },
      NODES,
      7,
    );
  }

  run(seconds: number): void {
    this.play.run(seconds);
  }

  /** Lets a time pass, then does something. */
  after(seconds: number, ...actions: readonly PlayAction[]): this {
    this.run(seconds);
    for (const action of actions) this.play.act(action);
    return this;
  }

  get leader(): string | null {
    return this.play.governor.dcs.keys.leader?.value ?? null;
  }

  get primaries(): readonly string[] {
    return primaries(this.play.servers);
  }

  server(name: string): Server {
    return server(this.play.servers, name);
  }

  get lost(): readonly Acknowledged[] {
    return this.play.lost;
  }

  /** Seconds in which more than one node acknowledged writes. */
  get twoPrimaries(): number {
    return this.play.history.twoPrimaries;
  }

  /** What a node's Patroni, or every one, has logged since a second. */
  said(node: string | null, since = 0): readonly string[] {
    return this.play.history.lines
      .filter((line) => line.at >= since * 1e6 && (node === null || line.node === node))
      .map(({ text }) => text);
  }
}
