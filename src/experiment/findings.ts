import { lostWrites, readAnomalies } from '../grading/anomalies.ts';
import { type Service, type Span, serviceIn } from '../grading/availability.ts';
import { type AcknowledgedWrite, isAcknowledgedWrite } from '../grading/operation.ts';
import { checkRegister, type RegisterVerdict } from '../grading/register.ts';
import { parseSynchronousStandbyNames } from '../postgres/synchronous-standby-names.ts';
import { type Duration, type Instant, seconds } from '../sim/instant.ts';
import { type Broken, brokenBy } from '../soak/invariants.ts';
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
  /** Promises that the run broke: two primaries at once, or a loss where the configuration rules it out. */
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
    broken: brokenBy({
      acknowledgements: history.filter(isAcknowledgedWrite).map((write) => ({
        ...write,
        at: write.answeredAt,
        term: termOf(write, run),
        key: write.value,
      })),
      promotions: run.promotions,
      forks: [],
      kept: left?.keys ?? null,
      promisesDurability: promisesDurability(run),
      healed: null,
      until: run.until,
    }),
  };
}

const wholeOf = (phases: readonly Phase[]): Span => ({
  from: Math.min(...phases.map(({ from }) => from)) as Instant,
  to: Math.max(...phases.map(({ to }) => to)) as Instant,
});

/** The timeline on which a write was acknowledged. */
const termOf = ({ node, answeredAt }: AcknowledgedWrite, { promotions }: Experiment): number =>
  promotions.findLast((one) => one.node === node && one.at <= answeredAt)?.timeline ?? 1;

/** A commit that as many standbys have as servers burn is on one more server than those. */
function promisesDurability({ configuration, plan }: Experiment): boolean {
  const { names } = parseSynchronousStandbyNames(configuration.names);
  return names !== null && names.numSync >= plan.burns.length;
}

/** What a schedule may be shortened to. */
export type Showing = 'broken' | 'lost' | 'register' | 'late';

/** Whether something is seen in a run. */
export const shows: Readonly<Record<Showing, (found: Findings) => boolean>> = {
  broken: ({ broken }) => broken.length > 0,
  lost: ({ lost }) => lost !== null && lost.length > 0,
  register: ({ atThePrimary }) => atThePrimary.kind === 'anomaly',
  late: ({ phases }) =>
    phases.some(({ services }) => services.some(({ group, late }) => group === 'till' && late > 0)),
};
