import type { EngineParts } from '../engine/postgres-module.ts';

type Progress = (loaded: number, total: number) => void;

let parts: Promise<EngineParts> | null = null;
const watchers = new Set<Progress>();

/** The engine: fetched and compiled once a page, whoever asks for it, and again after a failure. */
export async function loadPageEngine(progress: Progress = () => {}): Promise<EngineParts> {
  watchers.add(progress);
  parts ??= load();
  try {
    return await parts;
  } catch (error) {
    parts = null;
    throw error;
  } finally {
    watchers.delete(progress);
  }
}

async function load(): Promise<EngineParts> {
  const { loadEngineParts } = await import('../engine/browser-parts.ts');
  return loadEngineParts((loaded, total) => {
    for (const watcher of watchers) watcher(loaded, total);
  });
}
