import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { EngineParts } from './postgres-module.ts';

/** Reads what `npm run template` made. */
export function nodeParts(): EngineParts {
  const read = (name: string): Uint8Array<ArrayBuffer> => {
    const path = new URL(`../../.generated/${name}`, import.meta.url);
    try {
      return new Uint8Array(gunzipSync(readFileSync(path)));
    } catch (cause) {
      throw new Error(`cannot read .generated/${name}: run "npm run template"`, { cause });
    }
  };
  return {
    wasm: new WebAssembly.Module(read('pglite.wasm.gz')),
    bundle: read('bundle.tar.gz').buffer,
    template: read('template.tar.gz').buffer,
  };
}
