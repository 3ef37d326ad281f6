import bundleUrl from '../../.generated/bundle.tar.gz?url';
import wasmUrl from '../../.generated/pglite.wasm.gz?url';
import sizesText from '../../.generated/sizes.json?raw';
import templateUrl from '../../.generated/template.tar.gz?url';
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

async function fetchBytes(url: string, count: (bytes: number) => void): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok || !response.body) {
    throw new Error(`the database engine could not be loaded: ${response.status} for ${url}`);
  }
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      count(chunk.length);
      controller.enqueue(chunk);
    },
  });
  return inflate(await new Response(response.body.pipeThrough(counter)).arrayBuffer());
}

/** Some servers say of a .gz file that it is encoded, and the browser has unpacked it already. */
async function inflate(bytes: ArrayBuffer): Promise<ArrayBuffer> {
  const [first, second] = new Uint8Array(bytes);
  const isGzip = first === 0x1f && second === 0x8b;
  if (!isGzip) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}
