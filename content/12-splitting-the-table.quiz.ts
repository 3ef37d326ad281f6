import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 12's questions. An id stays as long as its item asks the same. */
export const partitionQuiz: readonly QuizItem[] = [
  {
    id: 'p1-key',
    question:
      'Orders are kept for seven years, by order date. Nine of ten queries name the customer and no date. What is the better key, if the table must be partitioned at all?',
    choices: [
      {
        id: 'date',
        label: 'The order date, by range',
        why: 'Data leaves by date, whole parts at a time. The customer queries fan out over the years, each with an index.',
        right: true,
      },
      {
        id: 'customer',
        label: 'The customer, by hash',
        why: 'Each query would open one part. But no part ever becomes old, so that seven-year-old rows have to be deleted one by one.',
      },
      {
        id: 'id',
        label: 'The order id, by range',
        why: 'It looks like time and is none: neither the queries nor the retention name it.',
      },
    ],
  },
  {
    id: 'p2-absent',
    question: 'A plan shows one partition of twelve and no “Subplans Removed”. What has happened?',
    choices: [
      {
        id: 'planned',
        label: 'The planner left eleven out',
        why: 'Constants were compared with the bounds before there was a plan.',
        right: true,
      },
      {
        id: 'none',
        label: 'No pruning; the others are empty',
        why: 'Empty partitions that are not pruned stand in the plan and are scanned.',
      },
      {
        id: 'executor',
        label: 'The executor removed eleven',
        why: 'Then it would say so: “Subplans Removed: 11”.',
      },
    ],
  },
  {
    id: 'p2-cast',
    question:
      'Which condition prunes a table that is partitioned by range of placed_at (timestamptz)?',
    choices: [
      {
        id: 'cast',
        label: "placed_at::date = '2026-01-05'",
        why: 'The key stands inside a cast. No bound can be compared with that.',
      },
      {
        id: 'trunc',
        label: "date_trunc('day', placed_at) = '2026-01-05'",
        why: 'The same inside a function.',
      },
      {
        id: 'range',
        label: "placed_at >= '2026-01-05' and placed_at < '2026-01-06'",
        why: 'The key alone on its side. An index on it can be used as well.',
        right: true,
      },
    ],
  },
  {
    id: 'p2-exclusion',
    question:
      'Someone sets constraint_exclusion = on so that partitions are pruned. What does it change for declarative partitions?',
    choices: [
      {
        id: 'nothing',
        label: 'Nothing',
        why: 'Pruning has its own switch, enable_partition_pruning. The other is for CHECK constraints of inheritance.',
        right: true,
      },
      {
        id: 'more',
        label: 'More queries are pruned',
        why: 'It costs planning time for every table with CHECK constraints, and prunes no partition.',
      },
      {
        id: 'needed',
        label: 'Without it nothing is pruned',
        why: 'Its default is “partition”, a word from the time when partitions were inheritance children.',
      },
    ],
  },
  {
    id: 'p3-fan-out',
    question:
      'A table has 60 partitions and an index on customer in each. A query names the customer only. What does it cost?',
    choices: [
      {
        id: 'sixty',
        label: '60 descents into 60 indexes',
        why: 'Fan-out. Each is small, and there are sixty.',
        right: true,
      },
      {
        id: 'seq',
        label: '60 sequential scans',
        why: 'One book says so. Indexes are used, part by part.',
      },
      {
        id: 'one',
        label: 'One descent into a global index',
        why: 'There are no indexes over several partitions.',
      },
    ],
  },
  {
    id: 'p4-pairs',
    question:
      'Two tables are partitioned alike by day, and a join on (id, day) makes one big hash join. What is missing?',
    choices: [
      {
        id: 'setting',
        label: 'enable_partitionwise_join = on',
        why: 'It is off by default, for planning with it is dearer.',
        right: true,
      },
      {
        id: 'fk',
        label: 'A foreign key between them',
        why: 'The planner compares bounds and join columns. It does not ask for a constraint.',
      },
      {
        id: 'index',
        label: 'An index on day in both',
        why: 'Indexes may change how a pair is joined, not whether there are pairs.',
      },
    ],
  },
  {
    id: 'p5-unique',
    question:
      'What does PRIMARY KEY (id, day) on a table that is partitioned by day guarantee of id?',
    choices: [
      {
        id: 'nothing',
        label: 'Nothing by itself: the same id may come with another day',
        why: 'Unique is the pair. The sequence keeps ids apart, as long as nobody goes around it.',
        right: true,
      },
      {
        id: 'unique',
        label: 'That it is unique',
        why: 'It was, in the table before. That is why foreign keys to id alone are refused now.',
      },
      {
        id: 'part',
        label: 'That it is unique within a partition',
        why: 'Even there two days may have the same id.',
      },
    ],
  },
  {
    id: 'p6-rename',
    question: 'After a swap of names, a view on the old name still shows the old rows. Why?',
    choices: [
      {
        id: 'oid',
        label: 'It refers to the table by OID, not by name',
        why: 'So do foreign keys and triggers. A function with its body as text does look up the name, each time.',
        right: true,
      },
      {
        id: 'cache',
        label: 'Its plan is cached; it goes away',
        why: 'Cached plans are thrown away by DDL at once. The view would show the same after a restart.',
      },
      {
        id: 'materialised',
        label: 'Views keep a copy of the rows',
        why: 'A materialised one does. This one is a query.',
      },
    ],
  },
  {
    id: 'p6-snapshot',
    question:
      'INSERT … SELECT copies a table for an hour, without a lock, while others insert. Which rows are not in the copy?',
    choices: [
      {
        id: 'later',
        label: 'Those that committed after it began',
        why: 'A statement sees what was committed when its snapshot was taken.',
        right: true,
      },
      {
        id: 'none',
        label: 'None: it reads on until it is at the end',
        why: 'It does come to pages with newer rows, and does not see them.',
      },
      {
        id: 'last',
        label: 'Those that committed after it ended',
        why: 'Those too. But an hour earlier is where it begins.',
      },
    ],
  },
  {
    id: 'p6-queue',
    question:
      'ALTER TABLE waits for a long report to end. Why do inserts stand still, which the report would not disturb?',
    choices: [
      {
        id: 'queue',
        label: 'They queue behind the ALTER TABLE, whose lock conflicts with theirs',
        why: 'A lock is granted in turn. Hence lock_timeout in front of DDL.',
        right: true,
      },
      {
        id: 'report',
        label: 'The report locks the rows that it reads',
        why: 'Readers lock no rows.',
      },
      {
        id: 'half',
        label: 'The table is half altered',
        why: 'Nothing has been done yet. It only stands in line.',
      },
    ],
  },
  {
    id: 'p7-attach',
    question:
      'A new partition is needed on a table with many writers. Which way holds them up least?',
    choices: [
      {
        id: 'attach',
        label: 'CREATE TABLE (LIKE …), then ATTACH PARTITION',
        why: 'ATTACH takes SHARE UPDATE EXCLUSIVE on the parent, with which writers get on.',
        right: true,
      },
      {
        id: 'of',
        label: 'CREATE TABLE … PARTITION OF',
        why: 'It takes ACCESS EXCLUSIVE on the parent: short by itself, as long as the longest query in front of it.',
      },
      {
        id: 'default',
        label: 'A DEFAULT partition, so that none is needed',
        why: 'It is needed later, and then its rows are in the way.',
      },
    ],
  },
  {
    id: 'p7-concurrently',
    question: 'What does DETACH PARTITION CONCURRENTLY wait for?',
    choices: [
      {
        id: 'everyone',
        label: 'For every transaction that used the parent, whatever partition it read',
        why: 'So an open report holds it up for hours. It holds up nobody meanwhile.',
        right: true,
      },
      {
        id: 'partition',
        label: 'For those who use that partition',
        why: 'It locks the partition at the end, too. But first it waits for all who may have a plan with it.',
      },
      {
        id: 'nobody',
        label: 'For nobody: it takes no lock',
        why: 'It takes SHARE UPDATE EXCLUSIVE, then waits, then ACCESS EXCLUSIVE on the partition.',
      },
    ],
  },
  {
    id: 'p8-when',
    question:
      'A table of 4 GB is looked up by primary key, and nothing is ever deleted. Lookups take 0.1 ms. Should it be partitioned?',
    choices: [
      {
        id: 'no',
        label: 'No',
        why: 'No part leaves, and lookups would get no better. The B-tree has four levels.',
        right: true,
      },
      {
        id: 'hash',
        label: 'By hash of the key: smaller indexes',
        why: 'One level less, at best, and more planning.',
      },
      {
        id: 'later',
        label: 'Now, because it will be hard later',
        why: 'You have seen how it is done later. Until then you would pay for what you do not need.',
      },
    ],
  },
  {
    id: 'p9-analyze',
    question:
      'Three weeks after a migration, joins with the partitioned table have bad row estimates. The partitions are analysed by autovacuum. What is missing?',
    choices: [
      {
        id: 'parent',
        label: 'ANALYZE of the parent',
        why: 'Autovacuum never does it, and nothing else did.',
        right: true,
      },
      {
        id: 'vacuum',
        label: 'VACUUM of the parent',
        why: 'It has no pages. VACUUM of the parent goes to its partitions.',
      },
      {
        id: 'target',
        label: 'A higher statistics target',
        why: 'Of statistics that are not there.',
      },
    ],
  },
];
