import type { Action } from '../cluster/action.ts';
import type { SynchronousCommit } from '../postgres/sync-rep.ts';

/** What a commit waits for: the one thing in which the clusters of an experiment differ. */
export interface Configuration {
  readonly id: string;
  /** As a reader calls it. */
  readonly name: string;
  /** synchronous_standby_names of the primary. */
  readonly names: string;
  /** synchronous_commit of all its sessions. */
  readonly level: SynchronousCommit;
}

const PAIR = '(standby1, standby2)';
const ALL = '(standby1, standby2, standby3)';

/** The rows of chapter 11’s matrix. */
export const configurations = [
  { id: 'async', name: 'asynchronous', names: '', level: 'on' },
  {
    id: 'write',
    name: 'one of two has written',
    names: `ANY 1 ${PAIR}`,
    level: 'remote_write',
  },
  {
    id: 'apply',
    name: 'one of two has replayed',
    names: `ANY 1 ${PAIR}`,
    level: 'remote_apply',
  },
  {
    id: 'quorum',
    name: 'two of three have replayed',
    names: `ANY 2 ${ALL}`,
    level: 'remote_apply',
  },
  {
    id: 'all',
    name: 'all three have replayed',
    names: `FIRST 3 ${ALL}`,
    level: 'remote_apply',
  },
] as const satisfies readonly Configuration[];

export type ConfigurationId = (typeof configurations)[number]['id'];

/** The statements that make a running cluster this configuration: sent one after the other, as an operator would. */
export const settingUp = ({ names, level }: Configuration): readonly Action[] =>
  [
    `alter system set synchronous_standby_names = '${names}'`,
    `alter system set synchronous_commit = ${level}`,
    'select pg_reload_conf()',
  ].map((sql) => ({ kind: 'sql', node: 'primary', session: 'operator', sql }));
