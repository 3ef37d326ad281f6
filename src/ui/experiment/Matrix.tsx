import { createSignal, type JSX, lazy, Show, Suspense } from 'solid-js';
import '../step.css';
import './experiment.css';

const Board = lazy(async () => ({
  default: (await import('./MatrixBoard.tsx')).MatrixBoard,
}));

/** The book’s table, and in its place, once somebody wants to know better, the one that is predicted and measured. */
export default function Matrix(props: {
  figure: string;
  seed: number;
  /** The book’s table, as it stands without a script. */
  children?: JSX.Element;
}) {
  const [open, setOpen] = createSignal(false);
  return (
    <div class="step matrix" data-figure={props.figure}>
      <Show
        when={open()}
        fallback={
          <>
            <div class="scroll" tabindex="0">
              {props.children}
            </div>
            <div class="matrix-tools">
              <button type="button" class="act primary" onClick={() => setOpen(true)}>
                Predict, and measure
              </button>
            </div>
          </>
        }
      >
        <Suspense fallback={<p role="status">Fetching the table…</p>}>
          <Board figure={props.figure} seed={props.seed} />
        </Suspense>
      </Show>
    </div>
  );
}
