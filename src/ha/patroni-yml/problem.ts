/**
 * What is to be said of a place in patroni.yml. With an `error` Patroni does not start, or cannot use the value, for which the
 * default counts here; with a `warning` it starts, and does something else than stands there.
 */
export interface Problem {
  /** Offsets into the text, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** A stretch of the text. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

export const error = ({ from, to }: Place, message: string): Problem => ({
  ...{ from, to, message },
  severity: 'error',
});

export const warning = ({ from, to }: Place, message: string): Problem => ({
  ...{ from, to, message },
  severity: 'warning',
});

/** The line of an offset, from 1. */
export const lineOf = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length;
