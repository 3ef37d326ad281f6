import { createMemo } from 'solid-js';
import { PredictionForm } from '../Predict.tsx';
import type { QuizChoice } from '../quiz.ts';
import { governorSession } from './governor-session.ts';

/** What makes an outcome known: a deed, and so many seconds of the cluster's time after it. */
interface Telling {
  readonly deed: string;
  readonly seconds: number;
}

/** Predict, then run, on a governed cluster. */
export default function GovernorPredict(props: {
  figure: string;
  /** Stable: under it the answer is kept on the device. */
  id: string;
  question: string;
  choices: readonly QuizChoice[];
  several?: boolean;
  knownBy: Telling;
}) {
  const session = governorSession(props.figure);
  const known = createMemo(() => {
    const { deed, seconds } = props.knownBy;
    const done = session.done().find(({ action }) => action.kind === deed);
    const now = session.snapshot()?.now ?? 0;
    return done !== undefined && now - done.at >= seconds * 1e6;
  });
  return (
    <PredictionForm
      id={props.id}
      question={props.question}
      choices={props.choices}
      several={props.several ?? false}
      known={known()}
    />
  );
}
