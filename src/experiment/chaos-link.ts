import type { SynchronousCommit } from '../postgres/sync-rep.ts';
import { parseSynchronousStandbyNames } from '../postgres/synchronous-standby-names.ts';
import { type ChaosWish, TROUBLE_KINDS } from './chaos-plan.ts';
import type { Configuration } from './configuration.ts';

/** All that a run of the chaos console follows from. */
export interface ChaosRun extends ChaosWish {
  readonly names: Configuration['names'];
  readonly level: Configuration['level'];
  readonly pace: number;
}

export const LEVELS = [
  'off',
  'local',
  'remote_write',
  'on',
  'remote_apply',
] as const satisfies readonly SynchronousCommit[];
export const PACES = [0.5, 1, 2, 4] as const;
export const MOST_TROUBLES = 12;
const MARK = '#chaos=';

/** The part of an address that opens this run. */
export const chaosLink = ({
  seed,
  kinds,
  count,
  takeover,
  burns,
  names,
  level,
  pace,
}: ChaosRun): string =>
  `${MARK}${new URLSearchParams({
    seed: String(seed),
    kinds: kinds.join(' '),
    count: String(count),
    takeover: takeover ? 'yes' : 'no',
    burns: burns.join(' '),
    names,
    level,
    pace: String(pace),
  })}`;

/** What the part of an address says; null where it says nothing of this kind, or nothing that makes sense. */
export function readChaosLink(fragment: string): ChaosRun | null {
  if (!fragment.startsWith(MARK)) return null;
  const said = new URLSearchParams(fragment.slice(MARK.length));
  const words = (field: string) => (said.get(field) ?? '').split(' ').filter((one) => one !== '');
  const seed = Number(said.get('seed'));
  const count = Number(said.get('count'));
  const pace = PACES.find((one) => one === Number(said.get('pace')));
  const level = LEVELS.find((one) => one === said.get('level'));
  const names = said.get('names') ?? '';
  const kinds = TROUBLE_KINDS.filter((kind) => words('kinds').includes(kind));
  const fits =
    Number.isSafeInteger(seed) &&
    seed >= 0 &&
    Number.isInteger(count) &&
    count >= 0 &&
    count <= MOST_TROUBLES;
  if (!fits || pace === undefined || level === undefined || whyNoNames(names) !== null) return null;
  const takeover = said.get('takeover') === 'yes';
  return {
    seed,
    kinds,
    count,
    takeover,
    burns: burnsOf(words('burns')),
    names,
    level,
    pace,
  };
}

/** The primary first: where it does not burn, nobody takes over. */
const burnsOf = (said: readonly string[]): readonly string[] =>
  said[0] === 'primary'
    ? ['primary', ...said.slice(1).filter((one) => /^standby[12]$/.test(one))]
    : [];

/** Why names cannot be set, in words; null where they can. */
export function whyNoNames(names: string): string | null {
  if (names.length > 200 || names.includes("'")) return 'these are no names of standbys';
  const { error } = parseSynchronousStandbyNames(names);
  return error && (error.detail ?? error.message);
}
