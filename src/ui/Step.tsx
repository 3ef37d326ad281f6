import { createEffect, createSignal, lazy, Show, Suspense } from 'solid-js';
import { lastSent, shownNow, shownStatements } from '../session/snapshot.ts';
import { useFigure } from './figure-session.ts';
import './step.css';
import './terminal.css';

// A page that nobody has asked anything needs no tables.
const Answer = lazy(async () => ({ default: (await import('./Answer.tsx')).Answer }));

/** A statement in the prose: a button sends it to a session of the figure, and its answer shows below it too. */
export default function Step(props: {
  figure: string;
  node: string;
  session: string;
  sql: string;
}) {
  const { session, snapshot, pick } = useFigure(props.figure);
  const sent = pick((s) => lastSent(shownStatements(s), props.node, props.session, props.sql));
  const running = () => sent()?.state === 'running';
  const [spoken, setSpoken] = createSignal('');
  createEffect(() => {
    const statement = sent();
    if (!statement) setSpoken('');
    else
      void import('./result/spoken-answer.ts').then(({ spokenAnswer }) => {
        if (sent() === statement) setSpoken(spokenAnswer(statement));
      });
  });
  const place = () => `${props.node}, session ${props.session}`;
  return (
    <div class="step" data-figure={props.figure} data-state={sent()?.state ?? 'unsent'}>
      <div class="step-ask">
        <p class="place">{place()}</p>
        <pre>
          <code>{props.sql}</code>
        </pre>
        <Show
          when={running()}
          fallback={
            <button
              type="button"
              class="act primary"
              aria-label={`${sent() ? 'Run again' : 'Run'} in ${place()}: ${props.sql}`}
              onClick={() => void session.runSql(props.node, props.session, props.sql)}
            >
              {sent() ? 'Run again' : 'Run'}
            </button>
          }
        >
          <button
            type="button"
            class="act"
            aria-label={`Ctrl-C in ${place()}: ${props.sql}`}
            onClick={() =>
              void session.act({ kind: 'cancel', node: props.node, session: props.session })
            }
          >
            Ctrl-C
          </button>
        </Show>
      </div>
      <p class="visually-hidden" role="status">
        {spoken()}
      </p>
      <div class="step-answer">
        <Show when={sent()}>
          {(statement) => (
            <Suspense>
              <Answer
                statement={statement()}
                now={shownNow(snapshot())}
                standing={snapshot().speed === 0}
                ask={(sql) => session.ask(props.node, sql)}
              />
            </Suspense>
          )}
        </Show>
      </div>
    </div>
  );
}
