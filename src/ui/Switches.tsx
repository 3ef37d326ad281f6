import { FSYNC_TIME, LINK_DELAY } from '../postgres/replication-state.ts';
import { shownView } from '../session/snapshot.ts';
import { ms, toMs } from '../sim/instant.ts';
import { ActionButton } from './ActionButton.tsx';
import { useFigure } from './figure-session.ts';
import { nodeOf } from './node-of.ts';
import { lengthOfTime } from './time-words.ts';

const ENDS = { kill: 'Kill PostgreSQL on', powerOff: 'Cut the power of' } as const;

/** Ends every process of a node at once, or its machine with all that was not fsynced; and starts it again. */
export function Power(props: { figure: string; node: string; how: keyof typeof ENDS }) {
  const { pick } = useFigure(props.figure);
  const status = pick((s) => nodeOf(shownView(s), props.node)?.status);
  return (
    <ActionButton
      figure={props.figure}
      action={{ kind: status() === 'down' ? 'start' : props.how, node: props.node }}
      disabled={status() === 'starting'}
    >
      {status() === 'starting' && `${props.node} starts…`}
      {status() === 'down' && `Start ${props.node}`}
      {status() !== 'starting' && status() !== 'down' && `${ENDS[props.how]} ${props.node}`}
    </ActionButton>
  );
}

/** Cuts the cable between two nodes, which tells neither of them, and mends it. */
export function Cut(props: { figure: string; a: string; b: string }) {
  const { pick } = useFigure(props.figure);
  const cut = pick(
    (s) => shownView(s)?.links.find(({ a, b }) => a === props.a && b === props.b)?.cut,
  );
  return (
    <ActionButton
      figure={props.figure}
      action={{ kind: cut() ? 'heal' : 'cut', a: props.a, b: props.b }}
    >
      {cut() ? 'Mend' : 'Cut'} the cable {props.a} – {props.b}
    </ActionButton>
  );
}

/** Makes the cable between two nodes longer than the cluster's others, and as long as them again. */
export function Cable(props: { figure: string; a: string; b: string; delayMs: number }) {
  const { session, pick } = useFigure(props.figure);
  const long = pick((s) => {
    const link = shownView(s)?.links.find(({ a, b }) => a === props.a && b === props.b);
    return link?.delay === ms(props.delayMs);
  });
  const toggle = () =>
    void session.act({
      kind: 'delay',
      a: props.a,
      b: props.b,
      delay: long() ? LINK_DELAY : ms(props.delayMs),
    });
  return (
    <button type="button" class="act" onClick={toggle}>
      {long()
        ? `Make the cable ${props.a} – ${props.b} ${toMs(LINK_DELAY)} ms again`
        : `Make the cable ${props.a} – ${props.b} ${props.delayMs} ms long`}
    </button>
  );
}

/** Lets virtual time run slower or faster than on the wall, and as on the wall again. */
export function Pace(props: { figure: string; speed: number }) {
  const { session, pick } = useFigure(props.figure);
  const other = pick((s) => s.phase === 'running' && s.speed === props.speed);
  const toggle = async () => {
    await session.start();
    session.play(other() ? 1 : props.speed);
  };
  return (
    <button type="button" class="act" aria-pressed={other()} onClick={() => void toggle()}>
      {`Clock at ${paceInWords(props.speed)}`}
    </button>
  );
}

const paceInWords = (speed: number): string =>
  speed < 1 ? `1/${Math.round(1 / speed)}` : `${speed} ×`;

/** Makes each fsync of a node take so long, and as long as everywhere again. */
export function SlowDisk(props: { figure: string; node: string; fsyncMs: number }) {
  const { session, pick } = useFigure(props.figure);
  const slow = pick((s) => nodeOf(shownView(s), props.node)?.fsyncTime === ms(props.fsyncMs));
  const next = () => (slow() ? FSYNC_TIME : ms(props.fsyncMs));
  const toggle = () => void session.act({ kind: 'fsync', node: props.node, time: next() });
  return (
    <button type="button" class="act" onClick={toggle}>
      Let an fsync on {props.node} take {lengthOfTime(next())}
      {slow() ? ' again' : ''}
    </button>
  );
}
