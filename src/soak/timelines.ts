/** What a run tells of its timelines: who was promoted, by its trace, and where history files say that they forked. */
import type { TraceEvent } from '../cluster/cluster-view.ts';
import { parseLsn } from '../postgres/lsn.ts';
import type { Fork, Promotion } from './invariants.ts';

/** Who became a primary when, by a run's trace. */
export const promotionsIn = (trace: readonly TraceEvent[]): readonly Promotion[] =>
  trace.flatMap(({ at, kind, node, facts }) =>
    kind === 'promoted' && node !== null
      ? [
          {
            ...{ at, node },
            timeline: Number(facts.timeline),
            forkedAt: parseLsn(String(facts.lsn)),
          },
        ]
      : [],
  );

/** Asks a primary for its history files: their names and what PostgreSQL wrote into them. */
export const HISTORY_FILES = `select name, pg_read_file('pg_wal/' || name) from pg_ls_waldir() where name like '%.history'`;

/** The forks that history files tell of: each line is a timeline of the past, and where it was left for the next one. */
export const forksOf = (files: readonly (readonly (string | null)[])[]): readonly Fork[] =>
  files.flatMap(([name, text]) => {
    const left = (text ?? '').split('\n').flatMap((line) => {
      const [parent, at] = line.split('\t');
      return parent && at ? [{ parent: Number(parent), at: parseLsn(at) }] : [];
    });
    const own = Number.parseInt(name ?? '', 16);
    return left.map(({ parent, at }, i) => ({ timeline: left[i + 1]?.parent ?? own, parent, at }));
  });

/** Each fork once: those who follow one another have the lines of all before them. */
export const distinct = (forks: readonly Fork[]): readonly Fork[] =>
  forks.filter(
    ({ timeline, at }, i) =>
      forks.findIndex((one) => one.timeline === timeline && one.at === at) === i,
  );
