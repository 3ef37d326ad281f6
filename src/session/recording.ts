import { withFrames } from './frames.ts';
import { NOTHING_SEEN, type Seen } from './snapshot.ts';

/** Stands for JavaScript's Infinity ("never", "no limit"), which JSON does not know. */
const INFINITE = '\u221e standby';

/** The text of a recording: all that is seen of a run that was played beforehand. */
export const recordingText = ({ frames, ...seen }: Seen): string =>
  JSON.stringify({ ...seen, frames: frames.items.slice(0, frames.length) }, (_, value) =>
    value === Number.POSITIVE_INFINITY ? INFINITE : value,
  );

/** Reads what {@link recordingText} has written. It comes from the site itself, made when that was built. */
export function readRecording(text: string): Seen {
  const { frames, ...seen } = JSON.parse(text, (_, value) =>
    value === INFINITE ? Number.POSITIVE_INFINITY : value,
  );
  return { ...seen, frames: withFrames(NOTHING_SEEN.frames, frames) };
}
