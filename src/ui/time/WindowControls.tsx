import { useBench } from '../bench-state.ts';

/** Which stretch of time the panels show: nearer, farther, earlier, later, or what just happened. */
export function WindowControls() {
  const { time, pick } = useBench();
  const hasStatement = pick((s) => s.statements.length > 0);
  return (
    <fieldset class="window-controls tool-row">
      <legend class="visually-hidden">Stretch of time shown</legend>
      <button type="button" class="quiet" onClick={() => time.pan(-0.5)} aria-label="Earlier">
        ◂
      </button>
      <button type="button" class="quiet" onClick={() => time.pan(0.5)} aria-label="Later">
        ▸
      </button>
      <button type="button" class="quiet" onClick={() => time.zoom(0.5)} aria-label="Nearer">
        +
      </button>
      <button type="button" class="quiet" onClick={() => time.zoom(2)} aria-label="Farther">
        −
      </button>
      <button
        type="button"
        class="quiet"
        disabled={!hasStatement()}
        onClick={() => time.showLastStatement()}
      >
        Last statement
      </button>
      <button type="button" class="quiet" onClick={() => time.showAll()}>
        Whole run
      </button>
      <button
        type="button"
        class="quiet"
        aria-pressed={time.follows()}
        onClick={() => time.follow()}
      >
        Follow
      </button>
    </fieldset>
  );
}
