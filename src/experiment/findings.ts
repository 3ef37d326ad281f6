import { lostWrites, readAnomalies } from '../grading/anomalies.ts';
import { type Service, type Span, serviceIn } from '../grading/availability.ts';
import { type AcknowledgedWrite, isAcknowledgedWrite } from '../grading/operation.ts';
import { checkRegister, type RegisterVerdict } from '../grading/register.ts';
import { parseSynchronousStandbyNames } from '../postgres/synchronous-standby-names.ts';
import { type Duration, type Instant, seconds } from '../sim/instant.ts';
import { type Broken, brokenBy, type Invariant, type RunFacts } from '../soak/invariants.ts';
import { FIRST_PRICE } from './cafe.ts';
import type { Experiment, Phase } from './experiment.ts';

/** A client that has no answer by then has gone elsewhere. */
export const PATIENCE: Duration = seconds(2);

/** Clients that read and write where primaries are, or where they would like one to be. */
const AT_PRIMARIES = ['till', 'desk', 'far-till'];

/** What an experiment comes to. */
export interface Findings {
  readonly phases: readonly (Phase & {
    readonly services: readonly Service[];
  })[];
  /** From the first to the last of them. */
  readonly whole: readonly Service[];
  /** Acknowledged, and not on the server that goes on; null where no side was given up. */
  readonly lost: readonly AcknowledgedWrite[] | null;
  /** Whether writes, and reads where the primary is, are those of one register. */
  readonly atThePrimary: RegisterVerdict;
  /** The same, with the reads on standbys. */
  readonly anywhere: RegisterVerdict;
  readonly stale: number;
  readonly reads: number;
  /** Invariants that the run broke, in order of time. */
  readonly broken: readonly Broken[];
}

export function findings(run: Experiment): Findings {
  const { history, phases, left } = run;
  const atThePrimary = history.filter(({ group }) => AT_PRIMARIES.includes(group));
  return {
    phases: phases.map((phase) => ({
      ...phase,
      services: serviceIn(history, phase, PATIENCE),
    })),
    whole: serviceIn(history, wholeOf(phases), PATIENCE),
    lost: left && lostWrites(history, left.keys),
    atThePrimary: checkRegister(atThePrimary, FIRST_PRICE),
    anywhere: checkRegister(history, FIRST_PRICE),
    stale: readAnomalies(history, FIRST_PRICE).stale.length,
    reads: history.filter(({ kind, outcome }) => kind === 'read' && outcome === 'ok').length,
    broken: brokenBy(factsOf(run)),
  };
}

const wholeOf = (phases: readonly Phase[]): Span => ({
  from: Math.min(...phases.map(({ from }) => from)) as Instant,
  to: Math.max(...phases.map(({ to }) => to)) as Instant,
});

/** What the invariants look at. */
function factsOf(run: Experiment): RunFacts {
  const { history, promotions, forks, left, probe, healed, until } = run;
  const acknowledged = history.filter(isAcknowledgedWrite).map((write) => ({
    ...{ at: write.answeredAt, node: write.node, key: write.value },
    term: termOf(write, run),
  }));
  return {
    acknowledgements: [...acknowledged, ...(probe ? [probe] : [])].sort(
      (one, other) => one.at - other.at,
    ),
    ...{ promotions, forks, healed, until },
    kept: left?.keys ?? null,
    promisesDurability: promisesDurability(run),
  };
}

/** The timeline on which a write was acknowledged. */
const termOf = ({ node, answeredAt }: AcknowledgedWrite, { promotions }: Experiment): number =>
  promotions.findLast((one) => one.node === node && one.at <= answeredAt)?.timeline ?? 1;

/** A commit that as many standbys have as servers burn is on one more server than those; at `off` and `local` it waits for none. */
function promisesDurability({ configuration, plan }: Experiment): boolean {
  if (configuration.level === 'off' || configuration.level === 'local') return false;
  const { names } = parseSynchronousStandbyNames(configuration.names);
  return names !== null && names.numSync >= plan.burns.length;
}

/** What a schedule may be shortened to: that an invariant is broken, or something else that may be seen of it. */
export type Showing = Invariant | 'lost' | 'register' | 'late';

const breaks =
  (invariant: Invariant) =>
  ({ broken }: Findings): boolean =>
    broken.some((one) => one.invariant === invariant);

/** Whether something is seen in a run. */
export const shows: Readonly<Record<Showing, (found: Findings) => boolean>> = {
  'one primary': breaks('one primary'),
  'nothing lost': breaks('nothing lost'),
  'forks at promotions': breaks('forks at promotions'),
  'a leader again': breaks('a leader again'),
  lost: ({ lost }) => lost !== null && lost.length > 0,
  register: ({ atThePrimary }) => atThePrimary.kind === 'anomaly',
  late: ({ phases }) =>
    phases.some(({ services }) => services.some(({ group, late }) => group === 'till' && late > 0)),
};
