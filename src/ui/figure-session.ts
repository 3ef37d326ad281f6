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
  return { session, snapshot, pick };
}
