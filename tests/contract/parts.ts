/** What an engine may leave out: SQL that a cluster does not need to run. All else the suite asks of every engine. */
export const PARTS = [
  'procedures and signals',
  'functions of all kinds',
  'COPY',
  'every syntax',
  'clock and sleep',
  'chance',
  'everything that a standby refuses',
  'archive recovery',
] as const;

export type Part = (typeof PARTS)[number];

export type Offers = ReadonlySet<Part>;
