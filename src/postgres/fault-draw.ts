/** What can befall a replicating cluster, drawn at random: for fault schedules (`faultSchedule` of src/sim). */
import type { Trouble } from '../sim/fault-schedule.ts';
import { type Duration, ms, NEVER, us } from '../sim/instant.ts';
import type { Prng } from '../sim/prng.ts';
import type { Fault } from './replication-port.ts';

export interface FaultSubjects {
  readonly primary: string;
  readonly standbys: readonly string[];
  /** What the nodes and links return to. */
  readonly linkDelay: Duration;
  readonly fsyncTime: Duration;
}

const KINDS = [
  'freeze',
  'cut',
  'delay',
  'loss',
  'bandwidth',
  'stall',
  'slowReplay',
  'stop',
] as const;

/** One trouble of a node or link, and what ends it. */
export function drawTrouble(prng: Prng, subjects: FaultSubjects): Trouble<Fault> {
  const { primary, standbys, linkDelay, fsyncTime } = subjects;
  const standby = prng.pick(standbys);
  const anyNode = prng.pick([primary, ...standbys]);
  const ends = { a: primary, b: standby };
  const kind = prng.pick(KINDS);
  switch (kind) {
    case 'freeze': {
      const process = prng.pick(['walreceiver', 'startup'] as const);
      return trouble(
        `process of ${standby}`,
        { kind: 'freeze', node: standby, process },
        { kind: 'thaw', node: standby, process },
      );
    }
    case 'cut':
      return trouble(`cut ${standby}`, { kind: 'cut', ...ends }, { kind: 'heal', ...ends });
    case 'delay': {
      const delay = ms(prng.between(0, 400));
      return trouble(
        `delay ${standby}`,
        { kind: 'delay', ...ends, delay },
        { kind: 'delay', ...ends, delay: linkDelay },
      );
    }
    case 'loss': {
      const ratio = prng.between(1, 30) / 100;
      return trouble(
        `loss ${standby}`,
        { kind: 'loss', ...ends, ratio },
        { kind: 'loss', ...ends, ratio: 0 },
      );
    }
    case 'bandwidth': {
      const bytesPerSecond = prng.between(10_000, 10_000_000);
      return trouble(
        `bandwidth ${standby}`,
        { kind: 'bandwidth', ...ends, bytesPerSecond },
        { kind: 'bandwidth', ...ends, bytesPerSecond: NEVER },
      );
    }
    case 'stall': {
      const time = prng.pick([NEVER, ms(prng.between(1, 500)), us(prng.between(1, 900))]);
      return trouble(
        `disk of ${anyNode}`,
        { kind: 'fsync', node: anyNode, time },
        { kind: 'fsync', node: anyNode, time: fsyncTime },
      );
    }
    case 'slowReplay': {
      const bytesPerSecond = prng.between(1_000, 1_000_000);
      return trouble(
        `replay of ${standby}`,
        { kind: 'replayRate', node: standby, bytesPerSecond },
        { kind: 'replayRate', node: standby, bytesPerSecond: NEVER },
      );
    }
    case 'stop': {
      const how = prng.pick(['kill', 'powerOff'] as const);
      return trouble(
        `life of ${anyNode}`,
        { kind: how, node: anyNode },
        { kind: 'start', node: anyNode },
      );
    }
  }
}

const trouble = (subject: string, starts: Fault, ends: Fault): Trouble<Fault> => ({
  subject,
  starts,
  ends,
});
