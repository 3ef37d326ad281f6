import { governorSession } from './governor-session.ts';
import { type YmlOfProse, YmlStep } from './YmlStep.tsx';

/** Some lines of a patroni.yml in the prose, and a button that bootstraps a new cluster with the whole file. */
export default function GovernorFile(props: YmlOfProse) {
  const session = governorSession(props.figure);
  return (
    <YmlStep
      file={props}
      button="New cluster with this"
      begin={() => void session.bootstrap(props.yml, [...(props.withoutWatchdog ?? [])])}
      current={session.began() !== null && session.text() === props.yml}
      began="The cluster above was bootstrapped with these lines."
    />
  );
}
