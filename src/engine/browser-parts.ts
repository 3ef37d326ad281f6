import bundleUrl from '../../.generated/bundle.tar.gz?url';
import wasmUrl from '../../.generated/pglite.wasm.gz?url';
import sizesText from '../../.generated/sizes.json?raw';
import templateUrl from '../../.generated/template.tar.gz?url';
import { fetchBytes } from './fetch-bytes.ts';
import type { EngineParts } from './postgres-module.ts';

/** Bytes to be downloaded, in all. */
export const downloadSize = Object.values(JSON.parse(sizesText) as Record<string, number>).reduce(
  (sum, size) => sum + size,
);

/** Fetches the engine and compiles it, once for all workers of a page. Progress is in bytes of the download. */
export async function loadEngineParts(
  progress: (loaded: number, total: number) => void,
): Promise<EngineParts> {
  let loaded = 0;
  const count = (bytes: number): void => {
    loaded += bytes;
    progress(Math.min(loaded, downloadSize), downloadSize);
  };
  const [wasm, bundle, template] = await Promise.all([
    fetchBytes(wasmUrl, count).then((bytes) => WebAssembly.compile(bytes)),
    fetchBytes(bundleUrl, count),
    fetchBytes(templateUrl, count),
  ]);
  return { wasm, bundle, template };
}
