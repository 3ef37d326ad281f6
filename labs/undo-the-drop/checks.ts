import type { TraceEvent } from '../../src/cluster/cluster-view.ts';
import type { Deed, Evidence } from '../../src/grading/evidence.ts';
import { clock, fail, inconclusive, type Judge, pass } from '../../src/grading/verdict.ts';
import type { Instant } from '../../src/sim/instant.ts';

const RECIPES = 42;
/** Payments of the time before the drop, by their keys. */
const PAID_BEFORE = [900_001, 900_002, 900_003, 900_004, 900_005];

type Restored = Deed & { readonly action: Extract<Deed['action'], { kind: 'restore' }> };

const isRestore = (deed: Deed): deed is Restored => deed.action.kind === 'restore' && !deed.refused;

const dropOf = ({ statements }: Evidence) =>
  statements.find(({ session, sql }) => session === 'intern' && sql.startsWith('drop'));

/** What the server log of a restored server says between its restore and another instant. */
const logOf = ({ trace }: Evidence, { at, action }: Restored): readonly string[] =>
  trace
    .filter((event) => event.kind === 'serverLog' && event.node === action.node && event.at >= at)
    .map(({ facts }) => String(facts.message));

/** Why the last restore does not show what was asked for. */
function reason(evidence: Evidence, restore: Restored): string {
  const { trace, deeds } = evidence;
  const drop = dropOf(evidence);
  const log = logOf(evidence, restore);
  const { backup } = restore.action;
  const taken = trace.find(({ kind, facts }) => kind === 'backupTaken' && facts.name === backup);
  if (taken && drop && taken.at > drop.sentAt)
    return `The backup "${backup}" was taken after the drop, at ${clock(taken.at)}: replay begins where it ends, and has no way back. A time that lies before it is answered with the rows of then.`;
  if (log.some((words) => words.startsWith('recovery ended before'))) {
    const promoted = trace.some(
      ({ kind, node, at }) =>
        kind === 'promoted' && node === restore.action.node && at < restore.at,
    );
    if (promoted)
      return 'An earlier try was promoted and archived 00000002.history. This one followed timeline 2, as recovery_target_timeline = latest says: what was committed after the fork is on timeline 1.';
    return 'It replayed all that the archive has, and the target was not in it: the segment with the drop never reached the archive.';
  }
  const fatal = trace.find(
    (event) => isFatal(event) && event.node === restore.action.node && event.at >= restore.at,
  );
  if (fatal) return `It ended itself: ${fatal.facts.message}.`;
  const stopped = log.find((words) => words.startsWith('recovery stopping')) ?? '';
  if (stopped.startsWith('recovery stopping after commit'))
    return 'A transaction that is the target is replayed too, unless recovery_target_inclusive is off.';
  const again = deeds.filter(isRestore).length > 1 ? ' this time' : '';
  return stopped === ''
    ? `It replayed everything that the archive has${again}, the drop among it.`
    : `Its target lies behind the drop, which was committed at ${drop?.answeredAt ? clock(drop.answeredAt) : 'that moment'}.`;
}

const isFatal = ({ kind, facts }: TraceEvent): boolean =>
  kind === 'serverLog' && facts.level === 'FATAL';

const lastRestore = ({ deeds }: Evidence): Restored | undefined =>
  deeds.filter(isRestore).findLast(({ action }) => action.node === 'restored');

const exact: Judge = (evidence) => {
  const { found, takenOverAt } = evidence;
  const restore = lastRestore(evidence);
  if (!restore) return fail(takenOverAt, 'Nothing was restored: restored is an empty machine.');
  const [count, last] = found.there?.rows[0] ?? [];
  if (count == null) return fail(restore.at, reason(evidence, restore));
  if (Number(count) < RECIPES || Number(last) < RECIPES)
    return fail(
      restore.at,
      `restored has ${count} recipes of ${RECIPES}. The last recipe, committed at 12:01:40.1, is not among them: the target lies before it.`,
    );
  return pass(
    `restored has all ${RECIPES} recipes, the one of half a second before the drop among them.`,
  );
};

const home: Judge = (evidence) => {
  const { found, deeds, trace, drilledAt } = evidence;
  const [count, last, price] = (found.home?.rows[0] ?? []).map(Number);
  if (count === undefined) {
    const copied = deeds.findLast(({ action }) => action.kind === 'copyTable');
    if (copied?.action.kind === 'copyTable' && copied.action.from === 'standby1')
      return fail(
        copied.at,
        `At ${clock(copied.at)} standby1 was asked for the table. It has replayed the drop as it replays everything: it is a second server, not a second copy.`,
      );
    const failed = trace.findLast(({ kind }) => kind === 'copyFailed');
    return failed
      ? fail(failed.at, `${failed.words}.`)
      : fail(drilledAt, 'There is no table recipes on the primary.');
  }
  if (count !== RECIPES || last !== 1)
    return fail(
      drilledAt,
      `${count} recipes came home, of ${RECIPES}${last === 1 ? '' : '; the elderflower cake is not among them'}.`,
    );
  return price === 1
    ? pass(`All ${RECIPES} recipes are home, with the chef’s last changes.`)
    : fail(drilledAt, 'Recipe 7 came home with the price that it had before the chef changed it.');
};

const cafe: Judge = ({ deeds, requests, found, drilledAt }) => {
  const stopped = deeds.find(
    ({ action, refused }) =>
      !refused &&
      'node' in action &&
      action.node === 'primary' &&
      ['kill', 'powerOff'].includes(action.kind),
  );
  if (stopped)
    return fail(
      stopped.at,
      `At ${clock(stopped.at)} the primary was stopped, and the tills with it.`,
    );
  const kept = new Set((found.payments?.rows ?? []).map(([key]) => Number(key)));
  const told = requests.filter(
    ({ outcome, answeredAt }) => outcome === 'acknowledged' && answeredAt !== null,
  );
  if (told.length === 0) return inconclusive(drilledAt, 'Nobody paid meanwhile.');
  const lost = [...PAID_BEFORE.map((key) => ({ key })), ...told].find(({ key }) => !kept.has(key));
  return lost
    ? fail(drilledAt, `Payment ${lost.key} was acknowledged, and is not on the primary.`)
    : pass(`The primary ran throughout, and has all ${told.length + PAID_BEFORE.length} payments.`);
};

const drill: Judge = ({ trace, rounds, found }) => {
  const from: Instant = rounds[0]?.from ?? (0 as Instant);
  const began = trace.find(
    ({ kind, node, at }) => kind === 'restoreBegun' && node === 'standby1' && at >= from,
  );
  if (!began)
    return fail(
      from,
      'There is no backup named `tonight`: nobody knows whether it could be restored.',
    );
  const fatal = trace.find(
    (event) => isFatal(event) && event.node === 'standby1' && event.at >= from,
  );
  if (fatal)
    return fail(
      fatal.at,
      `The backup is there, and what it needs to be consistent is not in the archive. The drill ends with: ${fatal.facts.message}.`,
    );
  const [count] = found.drill?.rows[0] ?? [];
  return Number(count) === RECIPES
    ? pass(`standby1 was restored from it at ${clock(began.at)}, and has ${count} recipes.`)
    : fail(
        began.at,
        'standby1 was restored from it, and has no complete table recipes: the backup was taken too early.',
      );
};

export const judges = { exact, home, cafe, drill };
