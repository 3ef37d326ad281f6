import { shownView } from '../session/snapshot.ts';
import { type Duration, ms, NEVER, toMs } from '../sim/instant.ts';
import { useBench } from './bench-state.ts';
import { Choice } from './Choice.tsx';
import { rateInWords } from './time-words.ts';

/** One-way delays to choose from, from the next rack to another continent. */
const DELAYS = [0.1, 1, 5, 20, 80, 250].map(ms);
const BANDWIDTHS = [10_240, 102_400, 1_048_576, 12_582_912, NEVER];
const LOSSES = [0, 0.01, 0.1, 0.3];

/** All that can befall a cable: a cut, a long way, a narrow one, a bad one. */
export function LinkControls(props: { a: string; b: string }) {
  const { session, pick } = useBench();
  const { a, b } = props;
  const link = pick((s) => shownView(s)?.links.find((one) => one.a === a && one.b === b) ?? null);
  const cut = () => link()?.cut ?? false;
  const of = `between ${a} and ${b}`;
  return (
    <div class="controls tool-row">
      <button
        type="button"
        class="act"
        aria-pressed={cut()}
        onClick={() => void session.act({ kind: cut() ? 'heal' : 'cut', a, b })}
      >
        {cut() ? 'Heal' : 'Cut'} <span class="visually-hidden">the cable {of}</span>
      </button>
      <Choice
        label="one way"
        of={of}
        value={link()?.delay ?? 0}
        values={DELAYS}
        words={(delay) => `${toMs(delay as Duration)} ms`}
        choose={(delay) => void session.act({ kind: 'delay', a, b, delay: delay as Duration })}
      />
      <Choice
        label="carries"
        of={of}
        value={link()?.bytesPerSecond ?? NEVER}
        values={BANDWIDTHS}
        words={rateInWords}
        choose={(bytesPerSecond) => void session.act({ kind: 'bandwidth', a, b, bytesPerSecond })}
      />
      <Choice
        label="loses"
        of={of}
        value={link()?.lossRatio ?? 0}
        values={LOSSES}
        words={(ratio) => (ratio === 0 ? 'nothing' : `${ratio * 100} % of its messages`)}
        choose={(ratio) => void session.act({ kind: 'loss', a, b, ratio })}
      />
    </div>
  );
}
