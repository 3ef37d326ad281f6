/**
 * The whole course, written and to come: parts, chapters, concept ids, labs and routes. The sidebar, the home page and
 * the routes are drawn from it, and `src/course/coverage.ts` holds chapters and labs to it when the site is built.
 */
import type { Concept, CoursePlan, LabPlan } from '../src/course/plan.ts';

/** Taught, and graded by nothing. */
const taught = (id: string, says: string): Concept => ({ id, says, graded: false });
/** Graded by a check of a lab; `by` names the lab if it belongs to a later chapter. */
const graded = (id: string, says: string, by?: string): Concept => ({
  id,
  says,
  graded: true,
  ...(by ? { labToCome: by } : {}),
});
const lab = (name: string, title: string, minutes: number): LabPlan => ({ name, title, minutes });

export const course: CoursePlan = {
  routes: [
    {
      id: 'on-call',
      title: 'On call',
      for: 'You carry the pager. You want to know what hangs, why, and what you may do about it at night.',
    },
    {
      id: 'developer',
      title: 'Developer',
      for: 'You write the application. You want to know what an answer from the database promises, and what it does not.',
    },
    {
      id: 'architect',
      title: 'Architect',
      for: 'You choose how many servers, where, and what they wait for. You want the price of every choice in numbers.',
    },
  ],
  parts: [
    {
      number: '0',
      title: 'Before you begin',
      chapters: [
        {
          number: 0,
          slug: 'before-you-break-things',
          title: 'Before you break things',
          finished: true,
          routes: ['on-call', 'developer', 'architect'],
          concepts: [],
          labs: [],
        },
      ],
      finished: true,
    },
    {
      number: 'I',
      title: 'One log, many readers',
      finished: true,
      chapters: [
        {
          number: 1,
          slug: 'the-log',
          title: 'The log is the database',
          finished: true,
          routes: ['on-call', 'developer', 'architect'],
          concepts: [
            graded('W1', 'WAL, LSN, segment, flush, checkpoint'),
            graded('W2', 'what a crash keeps and loses'),
            taught('W3', 'vertical and horizontal scaling'),
            taught('W4', 'compute and storage apart'),
            graded('W5', 'full-page writes and checkpoint I/O'),
          ],
          labs: [lab('pull-the-plug', 'Pull the plug', 20)],
        },
        {
          number: 2,
          slug: 'streaming-replication',
          title: 'Streaming replication',
          finished: true,
          routes: ['on-call', 'developer', 'architect'],
          concepts: [
            taught('R1', 'walsender, walreceiver, startup process; the connection and its states'),
            graded('R2', 'sent, written, flushed, replayed'),
            graded('R3', 'lag in bytes and time; idle primary, vanished standby'),
            graded('R4', 'a standby is read-only: the exact refusals'),
            graded('R5', 'monitoring queries, corrected'),
            taught('R6', 'synchronous and asynchronous'),
            taught('R7', 'cascading standbys'),
            taught('R8', 'standby settings that must not be below the primary’s'),
          ],
          labs: [
            lab('which-stage', 'Which stage?', 30),
            lab('honest-lag-alert', 'An honest lag alert', 30),
          ],
        },
        {
          number: 3,
          slug: 'durability',
          title: 'The durability gradient',
          finished: true,
          routes: ['on-call', 'developer', 'architect'],
          concepts: [
            graded('D1', 'five levels and what each waits for'),
            graded('D2', 'names: list, FIRST, ANY, *; sync_state'),
            graded('D3', 'latency: whose disk, whose round trip'),
            graded('D4', 'waits, cancelled waits, committed but unacknowledged'),
            graded('D5', 'a quorum with one standby stopped, frozen or cut'),
            graded('D6', 'choosing per transaction'),
          ],
          labs: [
            lab('pick-the-level', 'Pick the level', 25),
            lab('survive-one-standby', 'Survive one standby', 15),
            lab('stuck-commits', 'Stuck commits', 20),
          ],
        },
        {
          number: 4,
          slug: 'reading-from-replicas',
          title: 'Reading from replicas',
          routes: ['developer', 'architect'],
          concepts: [
            graded('Q1', 'read-your-writes, stale reads'),
            graded('Q2', 'routing: primary, pinning, LSN token, remote_apply'),
            graded('Q3', 'refused, unsafe and fine on a standby'),
            graded('Q4', 'eventual consistency, monotonic reads'),
          ],
          labs: [
            lab('safe-on-a-standby', 'Safe on a standby', 15),
            lab('read-your-writes', 'Read your writes', 60),
          ],
          finished: true,
        },
        {
          number: 5,
          slug: 'xmin-horizon',
          title: 'The xmin horizon',
          finished: true,
          routes: ['on-call', 'developer'],
          concepts: [
            graded('H1', 'recovery conflicts, their messages, the shared delay budget'),
            graded('H2', 'hot_standby_feedback: what it prevents and what not'),
            graded('H3', 'the bloat anchor, with and without a slot'),
            graded('H4', 'pg_stat_database_conflicts'),
          ],
          labs: [
            lab('long-report', 'The long report', 30),
            lab('bloat-anchor', 'The bloat anchor', 25),
          ],
        },
        {
          number: 6,
          slug: 'slots',
          title: 'Slots',
          finished: true,
          routes: ['on-call', 'architect'],
          concepts: [
            graded('S1', 'physical slots, restart_lsn, reserve'),
            graded('S2', 'accumulation, max_slot_wal_keep_size, wal_status, idle timeout'),
            graded('S3', 'no slot: wal_keep_size, rescue from the archive'),
          ],
          labs: [
            lab('disk-filling', 'The disk is filling', 30),
            lab('left-behind', 'Left behind', 20),
          ],
        },
      ],
      capstone: lab('first-night', 'The first night on call', 45),
    },
    {
      number: 'II',
      title: 'Surviving',
      finished: true,
      chapters: [
        {
          number: 7,
          slug: 'backup',
          title: 'Replication is not a backup',
          finished: true,
          routes: ['on-call', 'developer', 'architect'],
          concepts: [
            graded('B1', 'DROP TABLE replicates'),
            graded('B2', 'base backup and archive; archiver failures'),
            graded('B3', 'targets, inclusive, action, timeline'),
            graded('B4', 'the workflow and its traps'),
            taught('B5', 'delayed standby'),
            graded('B6', 'test the restore'),
          ],
          labs: [lab('undo-the-drop', 'Undo the drop', 45)],
        },
        {
          number: 8,
          slug: 'failover-by-hand',
          title: 'Failover by hand',
          finished: true,
          routes: ['on-call', 'architect'],
          concepts: [
            graded('F1', 'promotion, timelines, history'),
            graded('F2', 'fates: lost, in doubt, aborted, prepared; idempotency keys'),
            graded('F3', 'choosing by timeline and LSN'),
            graded('F4', 'the old primary returns'),
            graded('F5', 'planned switchover'),
          ],
          labs: [lab('promote-the-right-one', 'Promote the right one', 40)],
        },
        {
          number: 9,
          slug: 'governor',
          title: 'The governor',
          finished: true,
          routes: ['on-call', 'architect'],
          concepts: [
            graded('G1', 'lease, ttl, loop_wait, retry_timeout'),
            graded('G2', 'election, maximum_lag_on_failover'),
            graded('G3', 'self-demotion, watchdog, STONITH, pre_promote'),
            graded('G4', 'quorum, the rule of three, split-brain'),
            graded('G5', 'routing, stale DNS and clients'),
            graded('G6', 'synchronous_mode; names set by hand can lose data'),
            graded('G7', 'patroni.yml: bootstrap, dynamic, local; duplicate keys'),
          ],
          labs: [lab('governor', 'The governor', 75)],
        },
        {
          number: 10,
          slug: 'incomplete-fence',
          title: 'Incident: the incomplete fence',
          finished: true,
          routes: ['on-call', 'architect'],
          concepts: [
            graded('I1', 'reconstruct it'),
            graded('I2', 'fork LSN, lost set'),
            graded('I3', 'fixes that work and fixes that only look so'),
          ],
          labs: [lab('forensics', 'Forensics', 60), lab('fix-the-fence', 'Fix the fence', 40)],
        },
        {
          number: 11,
          slug: 'cap-measured',
          title: 'CAP, measured',
          finished: true,
          routes: ['developer', 'architect'],
          concepts: [
            graded('C1', 'what C, A and P mean here and do not'),
            graded('C2', 'the matrix, filled by running'),
            graded('C3', 'choosing for a requirement'),
          ],
          labs: [lab('cap-by-experiment', 'CAP by experiment', 60)],
        },
      ],
      capstone: lab('second-night', 'The second night on call', 45),
    },
    {
      number: 'III',
      title: 'Shape and scale',
      chapters: [
        {
          number: 12,
          slug: 'splitting-the-table',
          title: 'Splitting the table',
          finished: true,
          routes: ['developer', 'architect'],
          concepts: [
            graded('P1', 'range, list, hash; key'),
            graded('P2', 'pruned, Subplans Removed, never executed'),
            graded('P3', 'fan-out'),
            graded('P4', 'partition-wise joins'),
            graded('P5', 'indexes, uniqueness, identity'),
            graded('P6', 'the migration'),
            graded('P7', 'retention'),
            graded('P8', 'when not to partition'),
            graded('P9', 'VACUUM and ANALYZE of parts and parent'),
          ],
          labs: [
            lab('move-the-mountain', 'Move the mountain', 90),
            lab('prune-or-fan-out', 'Prune or fan out', 35),
            lab('retention', 'Retention', 30),
          ],
        },
        {
          number: 13,
          slug: 'crowded-hallway',
          title: 'The crowded hallway',
          routes: ['on-call', 'developer'],
          concepts: [
            graded('N1', 'a process per connection'),
            graded('N2', 'idle, idle in transaction'),
            graded('N3', 'session, transaction, statement pooling'),
            graded('N4', 'hidden state; tracked parameters and protocol-level prepares'),
            graded('N5', 'two layers of pools: the arithmetic'),
            taught('N6', 'churn, snapshots, TLS handshakes'),
          ],
          labs: [
            lab('ticket-gate', 'The ticket gate', 30),
            lab('hidden-state', 'Hidden state', 35),
          ],
        },
        {
          number: 14,
          slug: 'logical-replication',
          title: 'Logical replication',
          routes: ['developer', 'architect'],
          concepts: [
            graded('L1', 'publication, subscription, replica identity'),
            graded('L2', 'not sent: DDL, sequences'),
            graded('L3', 'constraint conflicts stop apply; missing rows are skipped and counted'),
            graded('L4', 'cut-over'),
            taught('L5', 'monitoring on the right side; WAL cost'),
            taught('L6', 'selective replication, CDC'),
            taught('L7', 'failover slots'),
          ],
          labs: [lab('cut-over', 'Cut over', 60)],
        },
        {
          number: 15,
          slug: 'infinite-archive',
          title: 'The infinite archive',
          routes: ['architect'],
          concepts: [
            graded('A1', 'the log ships, pages are materialised'),
            graded('A2', 'Aurora: six copies, three zones'),
            graded('A3', 'Neon: safekeepers, pageservers, branching'),
            taught('A4', 'AlloyDB columnar'),
            taught('A5', 'the strategy matrix'),
            taught('A6', 'growing storage, compute re-hydration'),
            taught('A7', 'sharding'),
          ],
          labs: [
            lab('four-of-six', 'Four of six', 20),
            lab('branch-at-an-lsn', 'Branch at an LSN', 25),
          ],
        },
        {
          number: 16,
          slug: 'game-day',
          title: 'Game day',
          routes: ['on-call', 'developer', 'architect'],
          concepts: [graded('Z1', 'an hour of faults: loss, outage, staleness, cost')],
          labs: [lab('game-day', 'Game day', 90)],
        },
      ],
      capstone: lab('last-night', 'The last night on call', 45),
    },
  ],
};
