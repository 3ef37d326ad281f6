import { fetchBytes } from '../engine/fetch-bytes.ts';
import { readRecording } from './recording.ts';
import type { Seen } from './snapshot.ts';

/** What was recorded of a figure, from the site itself. */
export const fetchRecording = async (url: string): Promise<Seen> =>
  readRecording(new TextDecoder().decode(await fetchBytes(url, () => {})));
