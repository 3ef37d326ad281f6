import { useFigure } from '../figure-session.ts';
import { governedFile } from './governed-file.ts';
import { type YmlOfProse, YmlStep } from './YmlStep.tsx';

/** Some lines of a patroni.yml in the prose, and a button that starts real servers anew under the whole file. */
export default function GovernedFile(props: YmlOfProse) {
  const { session } = useFigure(props.figure);
  const begin = async () => {
    const { bootstrapFigure } = await import('./bootstrap-figure.ts');
    await bootstrapFigure(props.figure, session, props.yml, props.withoutWatchdog);
  };
  return (
    <YmlStep
      file={props}
      button="New servers with this"
      begin={() => void begin()}
      current={governedFile(props.figure).text() === props.yml}
      began="The servers were started anew with these lines."
    />
  );
}
