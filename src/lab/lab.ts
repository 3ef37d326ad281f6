import { z } from 'zod';
import type { Action } from '../cluster/action.ts';
import { hostsOf } from '../cluster/workload/population.ts';
import type { Judge } from '../grading/verdict.ts';
import { questionSchema, whyNoAnswer } from './answers.ts';
import { drillSchema } from './drill-schema.ts';
import { name, PLACEHOLDER, text, timed } from './fields.ts';
import type { LabAction } from './lab-action.ts';
import { populationOf } from './lab-clients.ts';
import { ROLES } from './roles.ts';
import { startSchema } from './start-schema.ts';

/** A lab that cannot be used: which file, which field, and why. */
export class LabRefused extends Error {
  override readonly name = 'LabRefused';
}

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
    start: startSchema,
    drill: drillSchema,
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
    const hasRole = (one: unknown) => isNode(one) || ROLES.some((role) => role === one);
    const look = (path: (string | number)[], one: Action, fits = isNode) => {
      for (const [key, value] of Object.entries(one))
        if (['node', 'a', 'b', 'from'].includes(key) && !fits(value))
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
      look(['start', 'events', i, 'action'], event.action, hasRole);
    });
    lab.start.clients.forEach((one, i) => {
      for (const host of hostsOf(populationOf(one)))
        if (!isNode(host))
          complain(['start', 'clients', i, 'node'], `there is no node "${host}"; ${known}`);
      for (const { answer, is } of one.where) {
        const why = whyNoAnswer(lab.answers, answer, is);
        if (why) complain(['start', 'clients', i, 'where'], why);
      }
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
      if (!hasRole(one.node))
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
