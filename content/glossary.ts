/** The words of the course: what each means here, and the section where it is met. A section that is not there fails the build. */
export interface Term {
  /** Its address on the page of the glossary. */
  readonly id: string;
  readonly term: string;
  readonly meaning: string;
  /** Chapter by slug, and heading as it stands there. */
  readonly met: { readonly chapter: string; readonly heading: string };
}

const primer = (heading: string) => ({ chapter: 'before-you-break-things', heading });
const streaming = (heading: string) => ({ chapter: 'streaming-replication', heading });
const cap = (heading: string) => ({ chapter: 'cap-measured', heading });
const durability = (heading: string) => ({ chapter: 'durability', heading });
const log = (heading: string) => ({ chapter: 'the-log', heading });
const reading = (heading: string) => ({ chapter: 'reading-from-replicas', heading });
const splitting = (heading: string) => ({ chapter: 'splitting-the-table', heading });
const slots = (heading: string) => ({ chapter: 'slots', heading });
const backup = (heading: string) => ({ chapter: 'backup', heading });

const governor = (heading: string) => ({ chapter: 'governor', heading });
const horizon = (heading: string) => ({ chapter: 'xmin-horizon', heading });

export const glossary: readonly Term[] = [
  {
    id: 'ctid',
    term: 'ctid',
    meaning:
      'The place of a version of a row: page, and number in it. A new version has a new one; a standby has the same.',
    met: primer('A row is never overwritten'),
  },
  {
    id: 'available',
    term: 'available (CAP)',
    meaning:
      'Every request to every server that has not failed is answered without an error. A standby refuses writes, so no PostgreSQL with standbys is.',
    met: cap('Three letters, three questions'),
  },
  {
    id: 'history',
    term: 'history',
    meaning:
      'What clients asked for and were told, and when: invoked, answered, failed, or unknown. What a cluster promised is judged by it alone.',
    met: cap('One evening, five clusters'),
  },
  {
    id: 'linearizable',
    term: 'linearizable',
    meaning:
      'All clients together see one register: an order explains all they were told, and whatever was answered before a request began stands before it.',
    met: cap('Three letters, three questions'),
  },
  {
    id: 'dead-version',
    term: 'dead version',
    meaning:
      'A version of a row that no snapshot can see any more. It takes room until VACUUM makes that usable again.',
    met: primer('What VACUUM gives back'),
  },
  {
    id: 'mvcc',
    term: 'MVCC',
    meaning:
      'Multi-version concurrency control: a change writes a new version beside the old one, so that readers do not wait for writers.',
    met: primer('A row is never overwritten'),
  },
  {
    id: 'prepared-transaction',
    term: 'prepared transaction',
    meaning:
      'A transaction after PREPARE TRANSACTION: it has no client any more, keeps its locks, outlives a crash, and holds VACUUM back until COMMIT PREPARED or ROLLBACK PREPARED.',
    met: primer('What a forgotten transaction holds back'),
  },
  {
    id: 'snapshot',
    term: 'snapshot',
    meaning:
      'Which transactions count as committed for a reader. In READ COMMITTED each statement takes one, in REPEATABLE READ and SERIALIZABLE the transaction.',
    met: primer('Which rows may I see?'),
  },
  {
    id: 'vacuum',
    term: 'VACUUM',
    meaning:
      'Makes the room of dead versions usable for new rows of the table. It gives none back to the disk but empty pages at the very end.',
    met: primer('What VACUUM gives back'),
  },
  {
    id: 'xmin-xmax',
    term: 'xmin, xmax',
    meaning:
      'Of a version of a row: the transaction that wrote it, and one that deleted it or tried to. A query reads them like columns.',
    met: primer('A row is never overwritten'),
  },
  {
    id: 'acknowledged',
    term: 'acknowledged',
    meaning:
      'The client has been told that its commit is done. What was acknowledged and is not there later is a loss; a cancelled wait acknowledges, too.',
    met: durability('Sell it again?'),
  },
  {
    id: 'any-k',
    term: 'ANY k',
    meaning:
      'A quorum: a commit waits until any k of the named standbys have confirmed. It takes as long as the k-th fastest.',
    met: durability('The k-th fastest'),
  },
  {
    id: 'application-name',
    term: 'application_name',
    meaning:
      'The name by which a standby is known: in pg_stat_replication and in synchronous_standby_names. Set in its primary_conninfo.',
    met: durability('Who has a say'),
  },
  {
    id: 'archive-command',
    term: 'archive_command',
    meaning:
      'What a primary with archive_mode = on runs for every complete segment of WAL. While it fails the segment stays in pg_wal; an exit code of 0 says that it may go.',
    met: slots('The cellar'),
  },
  {
    id: 'asynchronous',
    term: 'asynchronous',
    meaning:
      'A commit asks no standby. What had not arrived when the primary is lost is lost, and no setting limits how much that is.',
    met: streaming('To wait or not to wait'),
  },
  {
    id: 'attach',
    term: 'ATTACH PARTITION',
    meaning:
      'Makes an existing table a partition. Takes SHARE UPDATE EXCLUSIVE on the parent, so that writers go on; a valid CHECK spares it the scan.',
    met: splitting('The year that leaves, the year that comes'),
  },
  {
    id: 'backup-label',
    term: 'backup_label',
    meaning:
      'The small file in a base backup that says where its replay begins. A server that starts on the copy without it destroys it.',
    met: backup('A time machine'),
  },
  {
    id: 'point-in-time-recovery',
    term: 'point-in-time recovery',
    meaning:
      'A server made anew from a base backup and the WAL since, up to a moment of your choice. Replay goes forward only: the backup must have ended before.',
    met: backup('Forward, and stop'),
  },
  {
    id: 'recovery-target',
    term: 'recovery target',
    meaning:
      'Where a restore stops: a name, a transaction, a time, a position, or the first consistent moment. One of them; a transaction is replayed, unless recovery_target_inclusive is off.',
    met: backup('By number, by clock'),
  },
  {
    id: 'recovery-min-apply-delay',
    term: 'recovery_min_apply_delay',
    meaning:
      'How old a commit must be before a standby replays it: the time in which somebody must notice a mistake.',
    met: backup('A standby that is late on purpose'),
  },
  {
    id: 'backup-manifest',
    term: 'backup_manifest',
    meaning:
      'The list that pg_basebackup puts beside a backup: each file with its size and checksum, and the WAL that the backup needs. pg_verifybackup compares the two; a backup made by hand has none.',
    met: backup('A backup that nobody has restored'),
  },
  {
    id: 'base-backup',
    term: 'base backup',
    meaning:
      'A copy of the whole data directory, from which a standby is made. The last remedy for one whose WAL is nowhere any more.',
    met: slots('Copy everything'),
  },
  {
    id: 'bloat',
    term: 'bloat',
    meaning:
      'Room in a table that is taken by dead rows, or was: VACUUM frees it for new rows, and as a rule does not give it back.',
    met: horizon('The bloat anchor'),
  },
  {
    id: 'cascading',
    term: 'cascading replication',
    meaning:
      'A standby that streams from a standby. It gets what its upstream has flushed, is listed there and not on the primary, and is never synchronous.',
    met: streaming('A standby of a standby'),
  },
  {
    id: 'catchup',
    term: 'catchup',
    meaning:
      'State of a walsender that still sends old WAL. When it has sent all there is, the state becomes streaming.',
    met: streaming('What a connection goes through'),
  },
  {
    id: 'checkpoint',
    term: 'checkpoint',
    meaning:
      'All dirty pages are written to their files, and the redo point moves. It comes by time, by WAL, or by the statement CHECKPOINT.',
    met: log('How far back: the checkpoint'),
  },
  {
    id: 'default-partition',
    term: 'DEFAULT partition',
    meaning:
      'Takes every row for which there is no other partition. Beside one, nothing is detached CONCURRENTLY, and each new partition has to search it.',
    met: splitting('The year that leaves, the year that comes'),
  },
  {
    id: 'eventual-consistency',
    term: 'eventual consistency',
    meaning:
      'Once writes stop, copies become equal. It says nothing of when, and nothing of what a reader sees until then.',
    met: reading('Behind, all day long'),
  },
  {
    id: 'detach-pending',
    term: 'detach pending',
    meaning:
      'What a DETACH PARTITION CONCURRENTLY leaves when it is interrupted between its two transactions. FINALIZE completes it.',
    met: splitting('The year that leaves, the year that comes'),
  },
  {
    id: 'fan-out',
    term: 'fan-out',
    meaning:
      'A query that does not name the partition key goes to every partition, and descends into an index of each.',
    met: splitting('The price of four doors'),
  },
  {
    id: 'fence',
    term: 'fence',
    meaning:
      'What makes sure that an old primary takes no writes any more, without its help: its machine is reset by a watchdog, or stopped from outside.',
    met: { chapter: 'incomplete-fence', heading: 'The fixes, tried' },
  },
  {
    id: 'first-k',
    term: 'FIRST k',
    meaning: 'The first k of the list that stream must confirm. A plain list means FIRST 1.',
    met: durability('Who has a say'),
  },
  {
    id: 'flushed',
    term: 'flushed',
    meaning: 'On the disk, by fsync: it survives a power cut. On a standby, flush_lsn.',
    met: streaming('2. The disk is slow'),
  },
  {
    id: 'full-page-image',
    term: 'full-page image',
    meaning:
      'A whole page in a WAL record, at the page’s first change after a checkpoint: it mends a page that a power cut has torn.',
    met: log('The first touch'),
  },
  {
    id: 'heartbeat',
    term: 'heartbeat row',
    meaning:
      'A row that the primary updates every second. Its age, read on a standby, is the age of what readers see there.',
    met: streaming('The guard that says zero'),
  },
  {
    id: 'hot-standby-feedback',
    term: 'hot_standby_feedback',
    meaning:
      'A standby tells its primary now and then which transaction its queries must still see rows of. VACUUM there stops at it.',
    met: horizon('Tell the kitchen'),
  },
  {
    id: 'idle-slot-timeout',
    term: 'idle_replication_slot_timeout',
    meaning:
      'A checkpoint invalidates slots that keep WAL and that nobody has used for so long. 0, as delivered, is off.',
    met: slots('A limit of time'),
  },
  {
    id: 'local',
    term: 'local',
    meaning: 'A level of synchronous_commit: the primary’s own flush, whoever is named.',
    met: durability('Five levels, one frozen standby'),
  },
  {
    id: 'lock-queue',
    term: 'lock queue',
    meaning:
      'A lock is granted in turn: who comes after a waiting ACCESS EXCLUSIVE waits as well. Hence lock_timeout in front of DDL.',
    met: splitting('The year that leaves, the year that comes'),
  },
  {
    id: 'long-fork',
    term: 'long fork',
    meaning:
      'Two readers on two servers see two commits in opposite orders. It needs a wait, not a fault.',
    met: durability('Two servers, two histories'),
  },
  {
    id: 'lsn',
    term: 'LSN',
    meaning:
      'Log sequence number: a position in the WAL, in bytes, written as two hexadecimal halves such as 0/84B380.',
    met: streaming('Four places for an order to be'),
  },
  {
    id: 'max-slot-wal-keep-size',
    term: 'max_slot_wal_keep_size',
    meaning:
      'The most WAL that slots may keep. A slot beyond it is unreserved, and lost at the next checkpoint. −1, as delivered, is no limit.',
    met: slots('A limit'),
  },
  {
    id: 'monotonic-reads',
    term: 'monotonic reads',
    meaning:
      'A reader never sees less than before. One standby gives it; several do not, unless each read carries how far the last one saw.',
    met: reading('Two menus on one table'),
  },
  {
    id: 'off',
    term: 'off',
    meaning:
      'A level of synchronous_commit: answered before anything is on disk. A crash may take the last 3 × wal_writer_delay, whole transactions, no damage.',
    met: durability('off: an answer before the disk'),
  },
  {
    id: 'on',
    term: 'on',
    meaning:
      'A level of synchronous_commit: flushed here, and by the standbys that are named. With no name: flushed here.',
    met: durability('Two books disagree'),
  },
  {
    id: 'partition',
    term: 'partition',
    meaning:
      'A table that holds the rows of a partitioned table whose key lies within its bounds. The parent itself holds none.',
    met: splitting('Four containers and a label'),
  },
  {
    id: 'pin',
    term: 'pin',
    meaning:
      'To keep a session on one node for a while, most often on the primary after a write. A fixed time is a guess about lag.',
    met: reading('Stay for a while'),
  },
  {
    id: 'partition-key',
    term: 'partition key',
    meaning:
      'The column or columns by which a row finds its partition. Part of every unique constraint.',
    met: splitting('Four containers and a label'),
  },
  {
    id: 'partition-wise-join',
    term: 'partition-wise join',
    meaning:
      'Two tables that are cut alike are joined pair by pair. Off by default: enable_partitionwise_join.',
    met: splitting('Two fleets, cut alike'),
  },
  {
    id: 'potential',
    term: 'potential',
    meaning: 'A sync_state: not counted now, next in line when one before it in the list goes.',
    met: durability('Who has a say'),
  },
  {
    id: 'primary-conninfo',
    term: 'primary_conninfo',
    meaning:
      'Setting of a standby: from whom it streams, and under which name. A reload is enough to change it.',
    met: streaming('When the middle one dies'),
  },
  {
    id: 'pruning',
    term: 'pruning',
    meaning:
      'Partitions that cannot hold a wanted row are left out: when planned, when execution begins (Subplans Removed), or in the midst of it (never executed).',
    met: splitting('Which containers are opened'),
  },
  {
    id: 'quorum',
    term: 'quorum',
    meaning:
      'As many standbys as must confirm, whichever they are. Also the sync_state of each that may be one of them.',
    met: durability('What a quorum does not know'),
  },
  {
    id: 'read-your-writes',
    term: 'read your writes',
    meaning:
      'Who was told that her commit is done finds it in her next read. A standby gives it only where a token, a pin or remote_apply sees to it.',
    met: reading('The order that is not there'),
  },
  {
    id: 'recovery-conflict',
    term: 'recovery conflict',
    meaning:
      'A query of a standby stands in the way of replay: by its snapshot, or by a lock. Replay waits for it as long as it may, and then cancels it.',
    met: horizon('The report that was swept away'),
  },
  {
    id: 'redo-point',
    term: 'redo point',
    meaning: 'The position in WAL from which recovery would begin; pg_control names it.',
    met: log('How far back: the checkpoint'),
  },
  {
    id: 'remote-apply',
    term: 'remote_apply',
    meaning:
      'A level of synchronous_commit: as on, and replayed by the standbys that are counted, so that readers there see it.',
    met: durability('Seen is not the same as safe'),
  },
  {
    id: 'remote-write',
    term: 'remote_write',
    meaning:
      'A level of synchronous_commit: flushed here, written by a standby to its kernel. Lost if the primary is lost and that machine loses power.',
    met: durability('remote_write: two ways to die'),
  },
  {
    id: 'replayed',
    term: 'replayed',
    meaning:
      'Applied to the pages by the startup process: visible to queries. On a standby, replay_lsn.',
    met: streaming('3. It is on disk and nobody applies it'),
  },
  {
    id: 'replication-slot',
    term: 'replication slot',
    meaning:
      'A name under which a server keeps WAL for a standby, used or not, until the standby has flushed it.',
    met: slots('A reserved table'),
  },
  {
    id: 'restart-lsn',
    term: 'restart_lsn',
    meaning:
      'The oldest WAL that a slot keeps. NULL until its first use, unless it was made with immediately_reserve.',
    met: slots('A reserved table'),
  },
  {
    id: 'restore-command',
    term: 'restore_command',
    meaning:
      'What a standby runs to fetch a segment from the archive when it can get it from nobody else.',
    met: slots('The cellar'),
  },
  {
    id: 'router',
    term: 'router',
    meaning: 'The place in an app that decides on which node a read goes.',
    met: reading('A router'),
  },
  {
    id: 'segment',
    term: 'segment',
    meaning: 'A file of the log: 16 MB as delivered, 1 MB in this course.',
    met: log('What an INSERT writes'),
  },
  {
    id: 'snapshot-conflict-horizon',
    term: 'snapshotConflictHorizon',
    meaning:
      'In a WAL record that removes rows: the newest transaction whose rows those were. A snapshot with an xmin that is not newer conflicts.',
    met: horizon('What the log says'),
  },
  {
    id: 'stale-read',
    term: 'stale read',
    meaning:
      'A right answer of an earlier moment. Every read of a standby is one; most are too fresh to be noticed.',
    met: reading('The order that is not there'),
  },
  {
    id: 'token',
    term: 'token',
    meaning:
      'A position of the primary’s WAL, taken after COMMIT: a standby that has replayed it shows that commit.',
    met: reading('Carry a token'),
  },
  {
    id: 'wal',
    term: 'WAL',
    meaning:
      'The write-ahead log: records of every change, on the disk before the changed pages are.',
    met: log('What an INSERT writes'),
  },
  {
    id: 'wal-keep-size',
    term: 'wal_keep_size',
    meaning:
      'So much WAL stays on a primary for standbys without a slot, needed or not. 0 as delivered.',
    met: slots('A guess'),
  },
  {
    id: 'wal-status',
    term: 'wal_status',
    meaning:
      'How a slot’s WAL is: reserved, extended (beyond max_wal_size), unreserved (beyond the limit, not removed yet), lost.',
    met: slots('A limit'),
  },
  {
    id: 'replication-lag',
    term: 'write_lag, flush_lag, replay_lag',
    meaning:
      'How long the primary’s last flushed WAL took until the standby’s word of it came back. NULL when idle; stands still without replies.',
    met: streaming('How late is late?'),
  },
  {
    id: 'sent',
    term: 'sent',
    meaning: 'Given by the walsender to its kernel. Promises nothing. sent_lsn.',
    met: streaming('1. Nobody takes it from the network'),
  },
  {
    id: 'startup-process',
    term: 'startup process',
    meaning:
      'The one process that reads WAL and applies it: crash recovery, which on a standby does not end.',
    met: streaming('Three processes and a cable'),
  },
  {
    id: 'streaming',
    term: 'streaming',
    meaning:
      'State of a walsender that has sent all there was. It says nothing of what the standby has.',
    met: streaming('What a connection goes through'),
  },
  {
    id: 'synchronous-commit',
    term: 'synchronous_commit',
    meaning:
      'What a commit waits for: off, local, remote_write, on, remote_apply. Read at each transaction’s commit.',
    met: durability('Five levels, one frozen standby'),
  },
  {
    id: 'synchronous-standby-names',
    term: 'synchronous_standby_names',
    meaning: 'Who must confirm. One list for the whole server, changed by a reload.',
    met: durability('Who has a say'),
  },
  {
    id: 'sync-rep',
    term: 'SyncRep',
    meaning:
      'Wait event of a commit that waits for a standby, of type IPC. It does not say what the standby is doing.',
    met: durability('The commit that does not come back'),
  },
  {
    id: 'wal-sender-timeout',
    term: 'wal_sender_timeout',
    meaning:
      'After so long without a reply (60 s) the walsender hangs up. Until then a frozen or cut-off standby counts as there.',
    met: durability('How long is “not before”?'),
  },
  {
    id: 'walreceiver',
    term: 'walreceiver',
    meaning: 'Process of a standby that takes WAL from the network and puts it on disk.',
    met: streaming('Three processes and a cable'),
  },
  {
    id: 'walsender',
    term: 'walsender',
    meaning:
      'Process that sends WAL to one standby. A row of pg_stat_replication is one walsender.',
    met: streaming('Three processes and a cable'),
  },
  {
    id: 'walwriter',
    term: 'walwriter',
    meaning:
      'Process of a primary that brings to disk what commits at off have left in memory, every wal_writer_delay.',
    met: durability('off: an answer before the disk'),
  },
  {
    id: 'written',
    term: 'written',
    meaning:
      'In a file, in the kernel’s memory: it survives a crash of PostgreSQL, not a power cut. On a standby, write_lsn.',
    met: streaming('2. The disk is slow'),
  },
  {
    id: 'dcs',
    term: 'DCS',
    meaning:
      'Distributed configuration store: a few keys on three machines of their own, such as etcd. It answers only with a majority.',
    met: governor('The rule of three'),
  },
  {
    id: 'leader-key',
    term: 'leader key',
    meaning:
      'The key /leader of the DCS. Who holds it may take writes; it is gone after ttl seconds unless its holder renews it.',
    met: governor('A key under an egg timer'),
  },
  {
    id: 'maintenance-mode',
    term: 'maintenance mode',
    meaning: 'After patronictl pause: Patroni watches and does nothing, until patronictl resume.',
    met: governor('Hands on the wheel'),
  },
  {
    id: 'pre-promote',
    term: 'pre_promote',
    meaning:
      'A script that Patroni runs with the leader key taken, before it promotes. If it fails, nobody is promoted.',
    met: governor('The watchdog'),
  },
  {
    id: 'watchdog',
    term: 'watchdog',
    meaning:
      'A device that resets the machine unless it is fed in time: it ends a primary whose Patroni stands still.',
    met: governor('The watchdog'),
  },
];
