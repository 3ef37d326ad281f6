import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** One budget of the design, and what this machine makes of it. */
export interface Figure {
  readonly what: string;
  readonly where: 'Chromium' | 'Node';
  readonly unit: string;
  /** What to stay below or above: in `unit`, or as a share of one stock PGlite.create() where there is a `ratio`. */
  readonly budget: number;
  readonly measured: number;
  readonly ratio: number | null;
  readonly met: boolean;
  /** What the figure was made from. */
  readonly details: Readonly<Record<string, number>>;
}

type Given = Pick<Figure, 'what' | 'where' | 'unit' | 'budget' | 'measured'> & {
  readonly details?: Figure['details'];
};

export const atMost = (given: Given): Figure =>
  figure({ ...given, ratio: null, met: given.measured <= given.budget });

export const atLeast = (given: Given): Figure =>
  figure({ ...given, ratio: null, met: given.measured >= given.budget });

/** A time in milliseconds whose budget is a share of the time that stock PGlite takes in the same page. */
export function atMostOfStock(given: Omit<Given, 'unit' | 'where'>, stockMs: number): Figure {
  const ratio = given.measured / stockMs;
  const details = { ...given.details, stockMs };
  return figure({
    ...given,
    where: 'Chromium',
    unit: 'ms; budget: × stock PGlite.create()',
    ratio,
    met: ratio <= given.budget,
    details,
  });
}

function figure(given: Given & Pick<Figure, 'ratio' | 'met'>): Figure {
  const { what, where, unit, budget, measured, ratio, met, details = {} } = given;
  const rounded = Object.entries(details).map(([name, value]) => [name, round(value)]);
  return {
    what,
    where,
    unit,
    budget,
    measured: round(measured),
    ratio: ratio === null ? null : round(ratio),
    met,
    details: Object.fromEntries(rounded),
  };
}

const round = (value: number): number => Number(value.toPrecision(4));

/** Figures mean nothing without the machine that they are of, and what else it did. */
export const machine = () => ({
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  memoryMb: Math.round(totalmem() / 1e6),
  node: process.version,
  loadAverage: round(loadavg()[0] ?? 0),
});
