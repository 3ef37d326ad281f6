import type { Drawn, Population } from '../cluster/workload/population.ts';
import { type Duration, seconds } from '../sim/instant.ts';
import type { Lab } from './lab.ts';

type LabClient = Lab['start']['clients'][number];

/** A client of `lab.ts`, whose times are seconds, as the cluster has it. */
export function populationOf({
  name,
  node,
  otherHosts,
  count,
  sql,
  errands = [],
  think,
  firstAt,
  until,
  ratePerSecond,
  attempts,
  where,
}: LabClient): Population {
  return {
    name,
    node,
    count,
    errands: sql === undefined ? errands : [{ sql, kind: 'write' }],
    thinkTime: inSeconds(think),
    firstAt: inSeconds(firstAt),
    attempts,
    onlyIf: where.map(({ answer, is }) => ({ text: `{answer:${answer}}`, is })),
    ...(otherHosts === undefined ? {} : { otherHosts }),
    ...(until === undefined ? {} : { until: seconds(until) }),
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
  };
}

const inSeconds = ([low, high]: readonly [number, number]): Drawn<Duration> => [
  seconds(low),
  seconds(high),
];
