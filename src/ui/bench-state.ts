import { type Accessor, createContext, createSignal, useContext } from 'solid-js';
import { useFigure } from './figure-session.ts';
import { createTimeWindow, type TimeWindowState } from './time/use-time-window.ts';

/** What of the drawing someone has chosen to look at, or to do something to. */
export type Selection =
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'cable'; readonly a: string; readonly b: string }
  | { readonly kind: 'message'; readonly id: string };

export const sameSelection = (one: Selection | null, other: Selection): boolean =>
  one !== null && keyOf(one) === keyOf(other);

const keyOf = (selection: Selection): string =>
  selection.kind === 'node'
    ? `node ${selection.node}`
    : selection.kind === 'cable'
      ? `cable ${selection.a} ${selection.b}`
      : `message ${selection.id}`;

export interface BenchState extends ReturnType<typeof useFigure> {
  readonly figure: string;
  readonly selection: Accessor<Selection | null>;
  /** Chooses something, or with null nothing any more. Choosing the chosen thing again lets go of it. */
  select(selection: Selection | null): void;
  /** The stretch of time that its panels show. */
  readonly time: TimeWindowState;
}

/** What the panels of one bench share. */
export const BenchContext = createContext<BenchState>();

export function createBenchState(figure: string, leastSpan: number): BenchState {
  const [selection, setSelection] = createSignal<Selection | null>(null);
  const select = (next: Selection | null) =>
    setSelection((now) => (next && sameSelection(now, next) ? null : next));
  const shared = useFigure(figure);
  const time = createTimeWindow(shared.snapshot, leastSpan);
  return { ...shared, figure, selection, select, time };
}

export function useBench(): BenchState {
  const state = useContext(BenchContext);
  if (!state) throw new Error('a panel of the bench stands outside of a bench');
  return state;
}
