/** The start of a lab: its cluster, who uses it, and what befalls it. */
import { z } from 'zod';
import { action, choiceMade, drawn, facts, length, moment, name, text } from './fields.ts';

/** One kind of request, as in `Errand` of src/cluster/workload/population.ts. */
const errand = z.strictObject({
  sql: text,
  weight: z.number().positive().default(1),
  kind: z.enum(['read', 'write']),
});

/**
 * Clients of the cluster: each sends, waits for the answer, thinks, sends the next. They are a population
 * (src/cluster/workload/) with times in seconds.
 */
const client = z
  .strictObject({
    name,
    node: name,
    /** Further servers of its connection string: it goes to the first that takes writes. */
    otherHosts: z.array(name).optional(),
    /** More than one are called `name1`, `name2`, …. */
    count: z.int().min(1).default(1),
    /**
     * `{key}` stands for the key of the row: no two requests of a run have the same. `{answer:ID}` stands for what was last
     * chosen at a question of kind choice.
     */
    sql: text.refine((sql) => sql.includes('{key}'), 'has no {key}').optional(),
    /** In place of `sql`, where they do more than write a row. */
    errands: z.array(errand).min(1).optional(),
    firstAt: drawn(moment),
    think: drawn(length),
    /** Requests a second of all of them together; then `think` counts for nothing. */
    ratePerSecond: z.number().positive().optional(),
    /** How often a request is sent at most: again after 40001, 40P01 or a lost connection. */
    attempts: z.int().min(1).default(1),
    /** Sends nothing from then on. */
    until: moment.optional(),
    /** Sends nothing while another choice than these stands. */
    where: z.array(choiceMade).default([]),
  })
  .refine(
    ({ sql, errands }) => (sql === undefined) !== (errands === undefined),
    'has either sql or errands',
  );

/**
 * Guests of an app: each places an order on the primary, then reads the board wherever the learner's router says. They use the
 * tables `orders (id int, guest text)` and `receipts (id int, body text)`. Their reads are modelled: see src/lab/guests/.
 */
const guests = z.strictObject({
  count: z.int().min(1),
  /** From her last read to her next order. */
  think: drawn(length),
  /** The question of kind router. */
  router: name,
  /** The question of kind choice that says when the app takes its token: its options are none, before, insert and flush. */
  token: name,
});

/** One of several things befalls the cluster: which one is drawn from the seed, and told to the checks by its facts. */
const draw = z.strictObject({
  name,
  at: drawn(moment),
  oneOf: z.array(z.strictObject({ facts, actions: z.array(action) })).min(2),
});

/** What the pager says, and when. Nothing of the run changes by it. */
const page = z.strictObject({ at: moment.min(0), text });

export const startSchema = z.strictObject({
  nodes: z.array(name).min(1),
  /** Those of them that have no data directory yet. */
  spares: z.array(name).optional(),
  settings: z.record(name, z.record(z.string(), z.string())),
  setup: z.array(text).min(1),
  /** What a statement's work costs, in milliseconds of virtual time; where nothing is said, work takes no time. */
  work: z
    .strictObject({ blockHitMs: length, blockReadMs: length, walKilobyteMs: length })
    .optional(),
  /** What the run's clock says, in seconds, when the learner takes over. */
  prelude: z.number().min(1),
  /** Where its WAL starts, as in `ClusterSpec`. */
  walStart: z.string().optional(),
  clients: z.array(client),
  guests: guests.optional(),
  events: z.array(z.strictObject({ at: drawn(moment), action })),
  draws: z.array(draw).default([]),
  /** Alerts that reach the learner, at the same moment on every seed. */
  pages: z.array(page).default([]),
});
