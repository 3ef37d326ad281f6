/** The drill of a lab. */
import { z } from 'zod';
import { action, choiceMade, drawn, facts, length, name, text } from './fields.ts';

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
  where: choiceMade.optional(),
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

/** What is done to a graded run when the learner's work is over, and what is asked of it. */
export const drillSchema = z.strictObject({
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
  inspect: z.array(z.strictObject({ id: name, node: text, sql: text })).default([]),
});
