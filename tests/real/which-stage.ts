/**
 * The clusters of the lab which-stage, made of real servers: one stage of one standby is slow at a time, clients write as in
 * the lab, and the lab's own queries are asked. `record-which-stage.ts` keeps what they say.
 */
import { RealCluster, realServer } from '../../src/real/cluster.ts';
import { type SlowStage, slowDisk, slowProcess } from '../../src/real/slow-stage.ts';

/** The stage of standby1 that is slow. Nothing of standby2 is. */
export const STAGES = ['link', 'disk', 'replay', 'none'] as const;
export type Stage = (typeof STAGES)[number];

/** How often each word was said. */
export type Said = Readonly<Record<string, number>>;

export interface StageRecord {
  readonly server: string;
  readonly platform: string;
  /** The SQL that was asked, by its name in the lab. */
  readonly queries: Readonly<Record<string, string>>;
  /** By stage and query: what was said of the slow standby, and of the other. */
  readonly said: Readonly<Record<Stage, Readonly<Record<string, { slow: Said; other: Said }>>>>;
}

const TILLS = 4;
const THINK_MS = [250, 400] as const;
const STEADY_MS = 3_000;
const ASKED_EVERY_MS = 420;
const HEALTHY_LINK_MS = 4;
const SLOW_LINK_MS = 18;
const SLOW_FSYNC_MS = 360;
const REPLAY_STOPPED_MS = 500;
const REPLAY_RUNS_MS = 20;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Makes each stage slow in turn, and asks each query so often. */
export async function askRealServers(
  queries: ReadonlyMap<string, string>,
  times: number,
): Promise<StageRecord> {
  const nodes = ['primary', 'standby1', 'standby2'];
  const cluster = new RealCluster();
  // Only what is made slow is: the disk of this machine, which others use as well, does not count.
  const config = nodes.map((node) => ({ node, name: 'fsync', value: 'off', line: 1 }));
  try {
    await cluster.start({ nodes, config });
    await tell(cluster, 'primary', 'create table payments (id serial primary key, item text)');
    for (const peer of ['standby1', 'standby2'])
      await cluster.act({ kind: 'delay', node: 'primary', peer, ms: HEALTHY_LINK_MS });
    const tills = openTills(cluster);
    const said: Partial<Record<Stage, StageRecord['said'][Stage]>> = {};
    for (const stage of STAGES) said[stage] = await askWith(cluster, stage, queries, times);
    await tills.close();
    const { version, platform } = await realServer();
    return {
      server: `PostgreSQL ${version}`,
      platform,
      queries: Object.fromEntries(queries),
      said: said as StageRecord['said'],
    };
  } finally {
    await cluster.stop();
  }
}

async function askWith(
  cluster: RealCluster,
  stage: Stage,
  queries: ReadonlyMap<string, string>,
  times: number,
): Promise<StageRecord['said'][Stage]> {
  const slow = await makeSlow(cluster, stage);
  await pause(STEADY_MS);
  const said = Object.fromEntries(
    [...queries.keys()].map((name) => [
      name,
      { slow: {} as Record<string, number>, other: {} as Record<string, number> },
    ]),
  );
  for (let time = 0; time < times; time++) {
    await pause(ASKED_EVERY_MS);
    for (const [name, sql] of queries)
      for (const [standby, word] of await tell(cluster, 'primary', sql, 'owner')) {
        const counts = said[name]?.[standby === 'standby1' ? 'slow' : 'other'];
        if (counts) counts[word ?? 'NULL'] = (counts[word ?? 'NULL'] ?? 0) + 1;
      }
  }
  await slow.stop();
  return said;
}

async function makeSlow(cluster: RealCluster, stage: Stage): Promise<SlowStage> {
  switch (stage) {
    case 'link': {
      const delay = (ms: number) =>
        cluster.act({ kind: 'delay', node: 'primary', peer: 'standby1', ms });
      await delay(SLOW_LINK_MS);
      return { stop: () => delay(HEALTHY_LINK_MS) };
    }
    case 'disk': {
      await setFsync(cluster, 'on');
      const slow = await slowDisk(cluster.pid('standby1', 'walreceiver'), SLOW_FSYNC_MS);
      return {
        stop: async () => {
          await slow.stop();
          await setFsync(cluster, 'off');
        },
      };
    }
    case 'replay':
      return slowProcess(cluster.pid('standby1', 'startup'), REPLAY_STOPPED_MS, REPLAY_RUNS_MS);
    case 'none':
      return { stop: async () => {} };
  }
}

async function setFsync(cluster: RealCluster, value: 'on' | 'off'): Promise<void> {
  await tell(cluster, 'standby1', `alter system set fsync = ${value}`);
  await tell(cluster, 'standby1', 'select pg_reload_conf()');
  await pause(500);
}

/** Clients that pay, think, and pay again. */
function openTills(cluster: RealCluster): { close(): Promise<void> } {
  let isOpen = true;
  const [shortest, longest] = THINK_MS;
  const till = async (name: string): Promise<void> => {
    while (isOpen) {
      await tell(cluster, 'primary', "insert into payments (item) values ('tea')", name);
      await pause(shortest + Math.random() * (longest - shortest));
    }
  };
  const all = Promise.all(Array.from({ length: TILLS }, (_, i) => till(`till${i + 1}`)));
  return {
    close: async () => {
      isOpen = false;
      await all;
    },
  };
}

/** Sends a statement and gives its rows. */
async function tell(cluster: RealCluster, node: string, sql: string, session = 'setup') {
  const reply = cluster.send(node, session, sql);
  await cluster.until(() => reply.outcome !== undefined, 10_000);
  const { outcome } = reply;
  if (outcome?.state !== 'done')
    throw new Error(`${outcome?.error?.message ?? 'no answer'} (${sql})`);
  return outcome.results[0]?.rows ?? [];
}

/** Which part of the answers is right: of the slow standby its stage, of the other that nothing is slow. */
export function shareRight({ slow, other }: { slow: Said; other: Said }, stage: Stage): number {
  const part = (said: Said, right: string) =>
    (said[right] ?? 0) / Object.values(said).reduce((sum, count) => sum + count, 0);
  return Math.min(part(slow, stage), part(other, 'none'));
}
