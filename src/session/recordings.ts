import { fetchBytes } from '../engine/fetch-bytes.ts';
import { readRecording } from './recording.ts';
import type { Seen } from './snapshot.ts';

/** Made by `npm run recordings`, by the figure's id. */
const urls = import.meta.glob<string>('../../.generated/recordings/*.json.gz', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** How to fetch what was recorded of a figure; null where nothing was. */
export function recordingOf(figure: string): (() => Promise<Seen>) | null {
  const url = urls[`../../.generated/recordings/${figure}.json.gz`];
  if (url === undefined) return null;
  return async () => readRecording(new TextDecoder().decode(await fetchBytes(url, () => {})));
}
