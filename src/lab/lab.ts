import { z } from 'zod';
import type { Action } from '../cluster/action.ts';
import type { Judge } from '../grading/verdict.ts';
import { questionSchema, whyNoAnswer } from './answers.ts';
import type { LabAction } from './lab-action.ts';

/** A lab that cannot be used: which file, which field, and why. */
export class LabRefused extends Error {
  override readonly name = 'LabRefused';
}

const text = z.string().trim().min(1);
const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens');
/** Seconds of virtual time since the learner took over. */
const moment = z.number();
const length = z.number().positive();

/** A range to draw from. */
const drawn = (number: z.ZodNumber) =>
  z
    .tuple([number, number])
    .refine(([low, high]) => low <= high, 'the first must not be above the second');

/** A full schema would say what the types of a lab in TypeScript already say. What types cannot know is checked: the nodes. */
const action = z.custom<Action>(
  (value) => typeof value === 'object' && value !== null && 'kind' in value,
  'not an action: it has no kind',
);

/** What a learner may do: an action on the cluster, or an answer. */
const timed = z.strictObject({ at: moment.min(0), action: action as z.ZodCustom<LabAction> });

/** `{answer:level}` in a client's SQL. */
export const PLACEHOLDER = /\{answer:([a-z][a-z0-9-]*)\}/g;

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

const facts = z.record(z.string(), z.string()).default({});

/** One of several things befalls the cluster: which one is drawn from the seed, and told to the checks by its facts. */
const draw = z.strictObject({
  name,
  at: drawn(moment),
  oneOf: z.array(z.strictObject({ facts, actions: z.array(action) })).min(2),
});

/** What the pager says, and when. Nothing of the run changes by it. */
const page = z.strictObject({ at: moment.min(0), text });

/**
 * A client of the grader's that asks the learner's query (an answer of kind `sql`) again and again, and acts on nothing:
 * what it is told is for the checks. It asks while rounds of the drill last, may not write, and gives up a query after
 * two seconds of the cluster's time.
 */
const watcher = z.strictObject({
  name,
  node: name,
  /** The question whose answer it asks. */
  answer: name,
  /** It is there only where this choice was made. */
  where: z.strictObject({ answer: name, is: text }).optional(),
  /** Seconds from one asking to the next. A round may say otherwise. */
  every: drawn(length),
});

/** A round of the drill: something befalls the cluster, lasts, and is made well again. */
const round = z.strictObject({
  name: text,
  facts,
  begin: z.array(action),
  lasts: length,
  /** How often watchers ask in this round, where it is not as they say themselves. */
  every: drawn(length).optional(),
  /** Nodes that burn in the end, with their cables, in the moment of the next acknowledgement. */
  burn: z.array(name).default([]),
  /** The client whose acknowledgement that is; any, where nothing is said. */
  spark: name.optional(),
  /**
   * The node whose power is cut in the end, in the moment of the spark's acknowledgement or, without one, whatever it is
   * doing. It starts again, and `drill.read` is asked there.
   */
  plug: name.optional(),
  /** Nodes that lose power in that moment. Their disks keep what was flushed, and they start again. */
  outage: z.array(name).default([]),
  end: z.array(action),
  /** Seconds that it goes on, and is watched, after it was made well. */
  rest: z.number().min(0).default(0),
});

const labSchema = z
  .strictObject({
    name,
    /** Counted up when a handed-in run may be judged otherwise than before. */
    version: z.int().min(1),
    title: text,
    chapter: z.int().min(0),
    /** It ends the part that its chapter is the last of. */
    capstone: z.boolean().default(false),
    minutes: z.int().min(1),
    /** Markdown. */
    situation: text,
    tasks: z.array(text).min(1),
    /** Questions to the learner; her answers are actions of the run. */
    answers: z.array(questionSchema).default([]),
    /**
     * What of her work is done again on every seed: everything at its instants, or her last answers alone, given when the
     * cluster is taken over. Then her own cluster is a place to try things on.
     */
    replays: z.enum(['everything', 'answers']).default('everything'),
    /** The first is the learner's own; the others she has not seen. */
    seeds: z.array(z.int()).min(5, 'a lab is graded on at least 5 seeds'),
    start: z.strictObject({
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
    }),
    drill: z.strictObject({
      /** Seconds after the take-over that a graded run goes on at least, before the rounds. */
      after: length,
      /** Reads the keys of all rows there are: one column. Asked after a fire. */
      read: text.optional(),
      watchers: z.array(watcher).default([]),
      rounds: z.array(round),
      /**
       * What the grader asks in the end, of a copy: rows for the checks, in `evidence.found` by id. `{answer:ID}` stands for
       * the learner's answer, without a semicolon at its end.
       */
      inspect: z.array(z.strictObject({ id: name, node: name, sql: text })).default([]),
    }),
    checks: z
      .array(
        z.strictObject({
          id: name,
          claim: text,
          concepts: z.array(z.string().regex(/^[A-Z]\d+$/)),
        }),
      )
      .min(1),
    hints: z.array(text).min(1),
    solutions: z
      .array(z.strictObject({ name: text, why: text, actions: z.array(timed).min(1) }))
      .min(1),
    traps: z
      .array(
        z.strictObject({
          name: text,
          why: text,
          actions: z.array(timed).min(1),
          /** The check that catches it, and what that check alone says of this trap. */
          caughtBy: name,
          says: text,
          /** `some`: only some seeds draw what it falls for; the first that does must tell it. */
          seeds: z.enum(['every', 'some']).default('every'),
        }),
      )
      .min(1),
  })
  .superRefine((lab, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const known = `the nodes are ${lab.start.nodes.join(', ')}`;
    const isNode = (one: unknown) => lab.start.nodes.includes(String(one));
    const look = (path: (string | number)[], one: Action) => {
      for (const [key, value] of Object.entries(one))
        if (['node', 'a', 'b', 'from'].includes(key) && !isNode(value))
          complain([...path, key], `there is no node "${value}"; ${known}`);
    };
    const lookAtWork = (path: (string | number)[], one: LabAction) => {
      if (one.kind !== 'answer') return look(path, one);
      const why = whyNoAnswer(lab.answers, one.id, one.text);
      if (why !== null) complain(path, why);
    };
    lab.answers.forEach((question, i) => {
      const path = ['answers', i];
      if (lab.answers.findIndex(({ id }) => id === question.id) !== i)
        complain([...path, 'id'], `there are two questions "${question.id}"`);
      if (question.kind === 'sql' && !isNode(question.node))
        complain([...path, 'node'], `there is no node "${question.node}"; ${known}`);
      if (question.kind === 'choice' && question.initial !== undefined) {
        const why = whyNoAnswer([question], question.id, question.initial);
        if (why !== null) complain([...path, 'initial'], why);
      }
      if (question.kind === 'number' && question.min > question.max)
        complain([...path, 'min'], 'is above the max');
    });
    lab.start.events.forEach((event, i) => {
      look(['start', 'events', i, 'action'], event.action);
    });
    lab.start.clients.forEach((one, i) => {
      if (!isNode(one.node))
        complain(['start', 'clients', i, 'node'], `there is no node "${one.node}"; ${known}`);
      const asks = [one.sql ?? '', ...(one.errands ?? []).map(({ sql }) => sql)].join(' ');
      for (const [, id] of asks.matchAll(PLACEHOLDER)) {
        const asked = lab.answers.find((question) => question.id === id);
        if (asked?.kind !== 'choice' || asked.initial === undefined)
          complain(
            ['start', 'clients', i, 'sql'],
            `"${id}" is no question of kind choice with an initial option`,
          );
      }
    });
    const { guests: app } = lab.start;
    if (!app && lab.start.clients.length === 0)
      complain(['start', 'clients'], 'nobody uses the cluster');
    if (app && lab.answers.find(({ id }) => id === app.router)?.kind !== 'router')
      complain(['start', 'guests', 'router'], `"${app.router}" is no question of kind router`);
    if (app && lab.answers.find(({ id }) => id === app.token)?.kind !== 'choice')
      complain(['start', 'guests', 'token'], `"${app.token}" is no question of kind choice`);
    for (const node of Object.keys(lab.start.settings))
      if (!isNode(node))
        complain(['start', 'settings', node], `there is no node "${node}"; ${known}`);
    lab.start.draws.forEach((one, i) => {
      one.oneOf.forEach(({ actions }, j) => {
        for (const each of actions) look(['start', 'draws', i, 'oneOf', j], each);
      });
    });
    lab.drill.watchers.forEach((one, i) => {
      const path = ['drill', 'watchers', i];
      if (!isNode(one.node))
        complain([...path, 'node'], `there is no node "${one.node}"; ${known}`);
      const asked = lab.answers.find(({ id }) => id === one.answer);
      if (asked?.kind !== 'sql')
        complain([...path, 'answer'], `"${one.answer}" is no question of kind sql`);
      const why = one.where && whyNoAnswer(lab.answers, one.where.answer, one.where.is);
      if (why) complain([...path, 'where'], why);
    });
    lab.drill.rounds.forEach((one, i) => {
      const path = ['drill', 'rounds', i];
      [...one.begin, ...one.end].forEach((each) => {
        look(path, each);
      });
      for (const list of ['burn', 'outage'] as const)
        for (const node of one[list])
          if (!isNode(node)) complain([...path, list], `there is no node "${node}"; ${known}`);
      if (one.burn.length > 0 && lab.drill.read === undefined)
        complain(['drill', 'read'], `nothing is read after "${one.name}"`);
      if (one.spark !== undefined && !lab.start.clients.some((each) => each.name === one.spark))
        complain([...path, 'spark'], `there is no client "${one.spark}"`);
      if (one.outage.length > 0 && one.burn.length === 0)
        complain([...path, 'outage'], 'an outage comes with a fire, and nothing burns');
    });
    lab.drill.inspect.forEach((one, i) => {
      if (!isNode(one.node))
        complain(['drill', 'inspect', i, 'node'], `there is no node "${one.node}"; ${known}`);
    });
    for (const list of ['solutions', 'traps'] as const)
      lab[list].forEach((script, i) => {
        script.actions.forEach((one, j) => {
          lookAtWork([list, i, 'actions', j, 'action'], one.action);
          if (one.at < (script.actions[j - 1]?.at ?? 0))
            complain([list, i, 'actions', j, 'at'], 'comes before the action above it');
        });
      });
    lab.traps.forEach((trap, i) => {
      if (!lab.checks.some(({ id }) => id === trap.caughtBy))
        complain(['traps', i, 'caughtBy'], `there is no check "${trap.caughtBy}"`);
    });
  });

/** A lab as its author writes it. */
export type LabSource = z.input<typeof labSchema>;

/** A lab: its data, and its checks by id. */
export type Lab = z.output<typeof labSchema> & { readonly judges: Readonly<Record<string, Judge>> };
export type Round = Lab['drill']['rounds'][number];
export type Watcher = Lab['drill']['watchers'][number];
export type Client = Lab['start']['clients'][number];
/** Actions with the seconds after the take-over at which they are done. */
export type Script = Lab['solutions'][number]['actions'];

/**
 * A lab from its data and its checks.
 * @throws {LabRefused} naming the folder's file, the field and the reason.
 */
export function defineLab(source: LabSource, judges: Readonly<Record<string, Judge>>): Lab {
  const folder = `labs/${(source as { name?: unknown } | null)?.name ?? '?'}`;
  const parsed = labSchema.safeParse(source);
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`,
    );
    throw new LabRefused(reasons.map((reason) => `${folder}/lab.ts: ${reason}`).join('\n'));
  }
  const ids = parsed.data.checks.map(({ id }) => id);
  for (const id of ids)
    if (!judges[id])
      throw new LabRefused(`${folder}/checks.ts: no function judges the check "${id}"`);
  for (const id of Object.keys(judges))
    if (!ids.includes(id))
      throw new LabRefused(`${folder}/checks.ts: "${id}" judges no check of lab.ts`);
  return { ...parsed.data, judges };
}
