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
  return async () => {
    const { fetchRecording } = await import('./fetch-recording.ts');
    return fetchRecording(url);
  };
}
