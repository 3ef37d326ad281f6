import type { Action } from './action.ts';

type VerifyAction = Extract<Action, { kind: 'verifyBackup' }>;

const OPTIONS: Readonly<Record<VerifyAction['wal'], string>> = {
  archive: '-w /archive ',
  backup: '',
  skip: '-n ',
};

/** The directory of a backup. */
export const backupDirectory = (name: string): string => `/backup/${name}`;

/** The line that a person types. */
export const verifyCommand = ({ backup, wal }: Pick<VerifyAction, 'backup' | 'wal'>): string =>
  `pg_verifybackup ${OPTIONS[wal]}${backupDirectory(backup)}`;
