import { configurations } from '../../src/experiment/configuration.ts';

/** What is said of each configuration. `yes`: as the claim has it. */
export const columns = [
  {
    id: 'frozen',
    title: '`standby2` freezes. The till:',
    ask: (name: string) => `${name}: standby2 freezes. Does the till go on?`,
    yes: 'it goes on',
    no: 'it stands still',
  },
  {
    id: 'cut',
    title: 'The primary and `standby1` are cut off. The till:',
    ask: (name: string) => `${name}: the primary and standby1 are cut off. Does the till go on?`,
    yes: 'it goes on',
    no: 'it stands still',
  },
  {
    id: 'kept',
    title: 'Both burn then, and the best of the others takes over. Acknowledged writes:',
    ask: (name: string) =>
      `${name}: both burn then, and the best of the others takes over. Is everything there that was acknowledged?`,
    yes: 'all of it',
    no: 'something is lost',
  },
  {
    id: 'register',
    title: 'Nothing is wrong, guests read from any server. To them it is:',
    ask: (name: string) =>
      `${name}: nothing is wrong, there is one primary, and guests read from any server. Is it one register to them?`,
    yes: 'one register',
    no: 'not one register',
  },
] as const;

export type ColumnId = (typeof columns)[number]['id'];

/** For what each requirement must hold, in the learner’s own runs. */
export const requirements = [
  {
    id: 'ledger',
    ask: 'The ledger: nothing acknowledged is lost in that fire. It may stand still.',
  },
  {
    id: 'till',
    ask: 'The till: nothing acknowledged is lost in that fire, and it goes on while standby2 is frozen.',
  },
  {
    id: 'clicks',
    ask: 'Clicks: each answered within 5 ms, whatever befalls the standbys. Some may be lost.',
  },
  {
    id: 'boards',
    ask: 'Boards: what the till was told is set is on every standby’s board from then on, while nothing is wrong.',
  },
] as const;

export type RequirementId = (typeof requirements)[number]['id'];

export const cellId = (configuration: string, column: ColumnId): string =>
  `${column}-${configuration}`;

export const wordsOf = ({ names, level }: { names: string; level: string }): string =>
  names === '' ? 'no names, `on`' : `\`${names}\`, \`${level}\``;

export { configurations };
