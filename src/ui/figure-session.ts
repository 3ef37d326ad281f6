import { createMemo, createSignal, onCleanup, onMount } from 'solid-js';
import { sessionOf } from '../session/page-sessions.ts';
import type { Snapshot } from '../session/snapshot.ts';

/** A figure's session in a component, and accessors that change only when what they pick does. */
export function useFigure(figure: string) {
  const session = sessionOf(figure);
  const [snapshot, set] = createSignal<Snapshot>(session.snapshot.get());
  onMount(() => {
    set(session.snapshot.get());
    onCleanup(session.snapshot.watch((value) => set(value)));
  });
  const pick = <T>(choose: (snapshot: Snapshot) => T) => createMemo(() => choose(snapshot()));
  /** A list that is another one only when one of its items is. */
  const pickList = <T>(choose: (snapshot: Snapshot) => readonly T[]) =>
    createMemo(() => choose(snapshot()), undefined, { equals: sameItems });
  return { session, snapshot, pick, pickList };
}

const sameItems = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);
