import { formatLsn, type Lsn } from '../postgres/lsn.ts';
import { after, between, type Duration, type Instant, toMs } from '../sim/instant.ts';

/** The promises of a cluster that hold whatever befalls it. */
export type Invariant = 'one primary' | 'nothing lost' | 'forks at promotions' | 'a leader again';

/** An invariant that a run broke: which one, when, and what was seen. */
export interface Broken {
  readonly invariant: Invariant;
  readonly at: Instant;
  readonly words: string;
}

/** A write that a client was told has happened. */
export interface Acknowledgement {
  readonly at: Instant;
  readonly node: string;
  /** Counted up with each change of leader: the timeline, where nobody else counts. */
  readonly term: number;
  readonly key: number;
}

/** A standby that became a primary. */
export interface Promotion {
  readonly at: Instant;
  readonly node: string;
  readonly timeline: number;
  /** Where it left the timeline before. */
  readonly forkedAt: Lsn;
}

/** Where a timeline begins, as a history file of a node says. */
export interface Fork {
  readonly timeline: number;
  readonly parent: number;
  readonly at: Lsn;
}

/** All that invariants look at: what is recorded of one run. */
export interface RunFacts {
  /** In order of time. */
  readonly acknowledgements: readonly Acknowledgement[];
  readonly promotions: readonly Promotion[];
  readonly forks: readonly Fork[];
  /** Keys of the rows that are left in the end; null where nobody could be asked. */
  readonly kept: ReadonlySet<number> | null;
  /** Whether the configuration promises that what was acknowledged is not lost. */
  readonly promisesDurability: boolean;
  /** When everything had healed, and how long the cluster may take then; null where that is not asked. */
  readonly healed: { readonly at: Instant; readonly bound: Duration } | null;
  /** When the run ended. */
  readonly until: Instant;
}

/** Everything that a run broke, in order of time: nothing, as it should be. */
export const brokenBy = (facts: RunFacts): readonly Broken[] =>
  [onePrimary, nothingLost, forksAtPromotions, aLeaderAgain]
    .flatMap((invariant) => invariant(facts) ?? [])
    .sort((one, other) => one.at - other.at);

/** At most one node acknowledges writes in a term, and none of a term that is over. */
function onePrimary({ acknowledgements }: RunFacts): Broken | null {
  const firstOf = new Map<number, Acknowledgement>();
  let newest: Acknowledgement | null = null;
  for (const one of acknowledgements) {
    const before = firstOf.get(one.term);
    const broken = (words: string): Broken => ({ invariant: 'one primary', at: one.at, words });
    if (before && before.node !== one.node)
      return broken(
        `${one.node} acknowledged write ${one.key} in term ${one.term}, in which ${before.node} had acknowledged write ${before.key}.`,
      );
    if (newest && one.term < newest.term)
      return broken(
        `${one.node} acknowledged write ${one.key} in term ${one.term}, ${inMs(between(newest.at, one.at))} after ${newest.node} had acknowledged the first write of term ${newest.term}.`,
      );
    if (!before) firstOf.set(one.term, one);
    if (!newest || one.term > newest.term) newest = one;
  }
  return null;
}

function nothingLost({ acknowledgements, kept, promisesDurability, until }: RunFacts) {
  if (!promisesDurability || kept === null) return null;
  const lost = acknowledgements.filter(({ key }) => !kept.has(key));
  const [first] = lost;
  if (!first) return null;
  const others = lost.length > 1 ? `, and ${lost.length - 1} after it` : '';
  return {
    invariant: 'nothing lost' as const,
    at: first.at,
    words: `Write ${first.key} was acknowledged by ${first.node} and is gone at the end (${inMs(between(first.at, until))} later)${others}.`,
  };
}

/** A timeline begins with a promotion, once, and every one that there is has its own. */
function forksAtPromotions({ forks, promotions, until }: RunFacts): Broken | null {
  for (const { timeline, parent, at } of forks) {
    const promoted = promotions.filter((one) => one.timeline === timeline);
    const words =
      promoted.length === 0
        ? `Timeline ${timeline} forked from ${parent} at ${formatLsn(at)}, and nobody was promoted.`
        : promoted.length > 1
          ? `Timeline ${timeline} was begun twice: by ${promoted.map(({ node }) => node).join(' and by ')}.`
          : promoted.some(({ forkedAt }) => forkedAt !== at)
            ? `Timeline ${timeline} forked from ${parent} at ${formatLsn(at)}, and ${promoted[0]?.node} was promoted elsewhere.`
            : null;
    if (words !== null)
      return { invariant: 'forks at promotions', at: promoted[0]?.at ?? until, words };
  }
  return null;
}

/** After everything has healed writes are acknowledged again within the bound. */
function aLeaderAgain({ healed, acknowledgements, until }: RunFacts): Broken | null {
  if (healed === null) return null;
  const due = after(healed.at, healed.bound);
  if (until < due || acknowledgements.some(({ at }) => at >= healed.at && at <= due)) return null;
  const next = acknowledgements.find(({ at }) => at > due);
  return {
    invariant: 'a leader again',
    at: due,
    words: `No write was acknowledged for ${inMs(healed.bound)} after everything had healed${next ? `; the next came after ${inMs(between(healed.at, next.at))}` : ', and none after that'}.`,
  };
}

const inMs = (length: Duration): string => `${Math.round(toMs(length)).toLocaleString('en')} ms`;
