import { shownView } from '../session/snapshot.ts';
import { ActionButton } from './ActionButton.tsx';
import { useFigure } from './figure-session.ts';

/** Lets a population in, and sends it away again. */
export function ClientSwitch(props: { figure: string; population: string }) {
  const { pick } = useFigure(props.figure);
  const pace = pick(
    (s) => shownView(s)?.populations.find(({ name }) => name === props.population)?.pace ?? 0,
  );
  return (
    <ActionButton
      figure={props.figure}
      action={{ kind: 'clients', population: props.population, pace: pace() > 0 ? 0 : 1 }}
    >
      {pace() > 0 ? 'Send the' : 'Let the'} {props.population}s {pace() > 0 ? 'away' : 'in'}
    </ActionButton>
  );
}
