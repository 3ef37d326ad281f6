/**
 * Autovacuum: a launcher that wakes every autovacuum_naptime, and its worker, which does at one instant what is due.
 * Follows autovacuum.c (relation_needs_vacanalyze); VACUUM and ANALYZE are PostgreSQL's own, and so are the counts of dead
 * rows by which it decides. Simplified: one worker at a time, without cost delay; no wraparound. It runs only where a cluster's
 * own settings name `autovacuum = on`, so that no other run has anything happen by itself.
 */
import type { LiveBackend } from './live-backend.ts';
import { isOn } from './node-settings.ts';
import type { Settings } from './sql-engine.ts';

/** Whether a cluster has a launcher at all: it then wakes for ever, and looks each time whether it is still on. */
export const hasAutovacuum = (settings: Settings): boolean => settings.autovacuum !== undefined;

/** A table that the worker has dealt with. */
export interface Autovacuumed {
  /** `postgres.public.orders` */
  readonly table: string;
  /** What VACUUM said of its rows, or that it was analysed. */
  readonly words: string;
  /** Its pages afterwards, and dead rows that somebody's snapshot still needs; null where it was only analysed. */
  readonly pages: number | null;
  readonly held: number | null;
}

const threshold = (name: string, cast: string): string =>
  `coalesce((select option_value from pg_catalog.pg_options_to_table(c.reloptions) where option_name = '${name}'), pg_catalog.current_setting('${name}'))::${cast}`;

const limit = (kind: string, of: string): string =>
  `${threshold(`autovacuum_${kind}_threshold`, 'float8')} + ${threshold(`autovacuum_${kind}_scale_factor`, 'float8')} * ${of}`;

const ROWS = 'greatest(c.reltuples, 0)';
const UNFROZEN = `${ROWS} * (1 - least(c.relallfrozen::float8 / greatest(c.relpages, 1), 1))`;

/** Tables beyond a threshold: their quoted name, and whether they are to be vacuumed and to be analysed. */
const DUE = `
select pg_catalog.format('%I.%I', n.nspname, c.relname), c.relname, n.nspname,
  pg_catalog.pg_stat_get_dead_tuples(c.oid) > ${limit('vacuum', ROWS)}
    or (${threshold('autovacuum_vacuum_insert_threshold', 'float8')} >= 0 and pg_catalog.pg_stat_get_ins_since_vacuum(c.oid) > ${limit('vacuum_insert', UNFROZEN)}) as vacuum,
  pg_catalog.pg_stat_get_mod_since_analyze(c.oid) > ${limit('analyze', ROWS)} as analyze
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and c.relpersistence <> 't' and c.oid >= 16384
  and coalesce((select option_value from pg_catalog.pg_options_to_table(c.reloptions) where option_name = 'autovacuum_enabled'), 'true')::boolean
order by c.oid`;

/** The launcher has woken: its worker does what is due. */
export function autovacuum(live: LiveBackend, settings: Settings): readonly Autovacuumed[] {
  if (!isOn(settings.autovacuum)) return [];
  const due = live.runApart(DUE).results[0]?.rows ?? [];
  return due.flatMap(([quoted, relation, schema, vacuum, analyze]) => {
    if (vacuum !== 't' && analyze !== 't') return [];
    const options = ['verbose', 'skip_locked', ...(analyze === 't' ? ['analyze'] : [])].join(', ');
    const sql =
      vacuum === 't' ? `vacuum (${options}) ${quoted}` : `analyze (skip_locked) ${quoted}`;
    const { notices } = live.runAsWorker(sql);
    const report = notices.find(({ message }) => message.includes('tuples:'))?.message ?? '';
    const number = (pattern: RegExp): number | null => {
      const found = pattern.exec(report)?.[1];
      return found === undefined ? null : Number(found);
    };
    return [
      {
        table: `postgres.${schema}.${relation}`,
        words: /^tuples: .*$/m.exec(report)?.[0] ?? 'analyzed',
        pages: number(/^pages: \d+ removed, (\d+) remain/m),
        held: number(/(\d+) are dead but not yet removable/),
      },
    ];
  });
}
