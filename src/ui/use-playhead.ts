import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import { type Snapshot, shownNow } from '../session/snapshot.ts';

/** The drawing never runs ahead of the cluster by more than this much time of the page. */
const AHEAD_MS = 140;

export const prefersStillness = (): boolean =>
  matchMedia('(prefers-reduced-motion: reduce)').matches;

/**
 * The instant that the drawing shows, between two reports of the cluster too: a page hears of it thirty times a second at
 * most, and its screen can do better. Where somebody prefers stillness it goes in steps, from report to report.
 */
export function usePlayhead(snapshot: Accessor<Snapshot>, moving: Accessor<boolean>) {
  const [frameMs, setFrameMs] = createSignal(performance.now());
  const report = createMemo(() => ({ at: shownNow(snapshot()), heardMs: performance.now() }));
  const speed = () => (snapshot().lookingAt === null ? snapshot().speed : 0);
  createEffect(() => {
    if (!moving() || speed() === 0 || prefersStillness()) return;
    let request = requestAnimationFrame(function draw(nowMs) {
      setFrameMs(nowMs);
      request = requestAnimationFrame(draw);
    });
    onCleanup(() => cancelAnimationFrame(request));
  });
  return createMemo(() => {
    const { at, heardMs } = report();
    if (!moving() || speed() === 0 || prefersStillness()) return at as number;
    const aheadMs = Math.min(AHEAD_MS, Math.max(0, frameMs() - heardMs));
    return at + aheadMs * 1_000 * speed();
  });
}
