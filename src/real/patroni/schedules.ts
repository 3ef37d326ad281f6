import type { DynamicSettings } from './member.ts';
import type { Stage } from './stage.ts';

/** A story of faults that is played on a real cluster whose leader is `node1`, with what it asks. */
export interface Schedule {
  readonly what: string;
  /** What differs from the defaults in `bootstrap.dcs`. */
  readonly dynamic?: DynamicSettings;
  play(stage: Stage): Promise<void>;
}

/** Long enough for a few turns of everybody's loop. */
const A_WHILE_SECONDS = 25;

export const schedules: Readonly<Record<string, Schedule>> = {
  'leader-killed': {
    what: 'The machine of the leader is gone, and comes back after another leads.',
    async play(stage) {
      await stage.step({ do: 'kill', node: 'node1' });
      await stage.untilOtherLeader('node1');
      await stage.seconds(A_WHILE_SECONDS);
      await stage.list();
      await stage.step({ do: 'start', node: 'node1' });
      await stage.untilAllStream();
      await stage.seconds(5);
      await stage.list();
    },
  },
  'leader-frozen': {
    what: 'Patroni on the leader stands still, without a watchdog. Its PostgreSQL serves on, and thaws into a cluster that has another leader.',
    async play(stage) {
      await stage.step({ do: 'freeze-patroni', node: 'node1' });
      await stage.untilOtherLeader('node1');
      await stage.seconds(A_WHILE_SECONDS);
      await stage.list();
      await stage.step({ do: 'thaw-patroni', node: 'node1' });
      await stage.untilAllStream();
      await stage.seconds(5);
      await stage.list();
    },
  },
  'dcs-cut-from-leader': {
    what: 'Nothing passes between the leader and the DCS. The others reach both.',
    async play(stage) {
      await stage.step({ do: 'cut-dcs', node: 'node1' });
      await stage.untilSeen('node1', 'replica');
      await stage.untilOtherLeader('node1');
      await stage.seconds(A_WHILE_SECONDS);
      await stage.list();
      await stage.step({ do: 'heal-dcs', node: 'node1' });
      await stage.untilAllStream();
      await stage.seconds(5);
      await stage.list();
    },
  },
  'dcs-without-majority': {
    what: 'Two of three members of the DCS are gone, and one of them comes back.',
    async play(stage) {
      await stage.step({ do: 'kill-dcs', member: 'etcd2' });
      await stage.step({ do: 'kill-dcs', member: 'etcd3' });
      await stage.untilSeen('node1', 'replica');
      await stage.seconds(A_WHILE_SECONDS);
      await stage.step({ do: 'start-dcs', member: 'etcd2' });
      await stage.untilAnyLeader();
      await stage.untilAllStream();
      await stage.seconds(5);
      await stage.list();
    },
  },
  'failsafe-without-majority': {
    what: 'The same with failsafe_mode: the leader stays as long as every member answers it, and goes when one does not.',
    dynamic: { failsafe_mode: true },
    async play(stage) {
      await stage.step({ do: 'kill-dcs', member: 'etcd2' });
      await stage.step({ do: 'kill-dcs', member: 'etcd3' });
      await stage.seconds(60);
      await stage.step({ do: 'kill', node: 'node2' });
      await stage.untilSeen('node1', 'replica');
      await stage.seconds(A_WHILE_SECONDS);
      await stage.step({ do: 'start-dcs', member: 'etcd2' });
      await stage.untilAnyLeader();
      await stage.seconds(A_WHILE_SECONDS);
      await stage.list();
    },
  },
  'lagging-candidate': {
    what: 'node2 receives nothing while the leader writes 8 MB. Then the leader is gone: only node3 may follow it.',
    async play(stage) {
      await stage.step({ do: 'freeze-walreceiver', node: 'node2' });
      await stage.step({ do: 'write', bytes: 8_000_000 });
      await stage.seconds(A_WHILE_SECONDS);
      await stage.list();
      await stage.step({ do: 'kill', node: 'node1' });
      await stage.untilOtherLeader('node1');
      await stage.step({ do: 'thaw-walreceiver', node: 'node2' });
      await stage.seconds(A_WHILE_SECONDS);
      await stage.list();
    },
  },
  'all-candidates-lag': {
    what: 'Neither standby receives while the leader writes 8 MB. Then the leader is gone: nobody may follow it.',
    async play(stage) {
      await stage.step({ do: 'freeze-walreceiver', node: 'node2' });
      await stage.step({ do: 'freeze-walreceiver', node: 'node3' });
      await stage.step({ do: 'write', bytes: 8_000_000 });
      await stage.seconds(A_WHILE_SECONDS);
      await stage.list();
      await stage.step({ do: 'kill', node: 'node1' });
      await stage.seconds(60);
      await stage.list();
      await stage.step({ do: 'thaw-walreceiver', node: 'node2' });
      await stage.step({ do: 'thaw-walreceiver', node: 'node3' });
      await stage.step({ do: 'start', node: 'node1' });
      await stage.untilAnyLeader();
      await stage.untilAllStream();
      await stage.list();
    },
  },
  switchover: {
    what: 'patronictl switchover from node1 to node3.',
    async play(stage) {
      await stage.step({ do: 'switchover', leader: 'node1', candidate: 'node3' });
      await stage.untilOtherLeader('node1');
      await stage.untilAllStream();
      await stage.seconds(15);
      await stage.list();
    },
  },
  paused: {
    what: 'In maintenance mode the leader is gone, and nobody follows it until the mode ends.',
    async play(stage) {
      await stage.step({ do: 'pause' });
      await stage.seconds(15);
      await stage.step({ do: 'kill', node: 'node1' });
      await stage.seconds(60);
      await stage.list();
      await stage.step({ do: 'resume' });
      await stage.untilOtherLeader('node1');
      await stage.seconds(15);
      await stage.list();
    },
  },
  'synchronous-leader-killed': {
    what: 'With synchronous_mode on, the machine of the leader is gone: only the synchronous standby may follow it.',
    dynamic: { synchronous_mode: true },
    async play(stage) {
      await stage.seconds(A_WHILE_SECONDS);
      await stage.list();
      await stage.step({ do: 'kill', node: 'node1' });
      await stage.untilOtherLeader('node1');
      await stage.seconds(A_WHILE_SECONDS);
      await stage.list();
    },
  },
};

/** `bootstrap.dcs` of every schedule: the defaults of Patroni, said aloud. */
export const defaultDynamic: DynamicSettings = {
  ttl: 30,
  loop_wait: 10,
  retry_timeout: 10,
  maximum_lag_on_failover: 1_048_576,
  postgresql: { use_pg_rewind: true, use_slots: true },
};
