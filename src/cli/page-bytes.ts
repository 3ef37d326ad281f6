import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a built page fetches by itself, before anybody touches it. Bytes by gzip -9. */
export interface PageBytes {
  readonly html: number;
  readonly scripts: readonly FileBytes[];
  readonly styles: readonly FileBytes[];
  readonly fonts: readonly FileBytes[];
}

export interface FileBytes {
  readonly file: string;
  readonly bytes: number;
}

export const sumOf = (files: readonly FileBytes[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Imports that run with a module; `import()` is for later. */
const STATIC_IMPORT = /(?:\bfrom|\bimport)\s*["']([^"']+\.m?js)["']/g;
const FONT = /url\(([^)]+\.(?:woff2?|ttf))\)/g;

/** Every script that a page's HTML names, and all that these import statically; its styles and their fonts. */
export function pageBytes(folder: string, base: string, page: string): PageBytes {
  const html = readFileSync(join(folder, page), 'utf8');
  const sizes = (files: Iterable<string>) =>
    [...files].sort().map((file) => ({ file, bytes: packed(readFileSync(join(folder, file))) }));
  const inSite = (urls: Iterable<RegExpMatchArray>) =>
    [...urls].map(([, url]) => (url ?? '').slice(base.length));

  const scripts = new Set<string>();
  const visit = (file: string) => {
    if (scripts.has(file)) return;
    scripts.add(file);
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, target] of text.matchAll(STATIC_IMPORT))
      visit(posix.join(posix.dirname(file), target ?? ''));
  };
  for (const file of inSite(
    html.matchAll(/(?:src|component-url|renderer-url|before-hydration-url)="([^"]+\.m?js)"/g),
  ))
    visit(file);
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>(.*?)<\/script>/gs)]
    .map(([, text]) => text)
    .join('\n');

  const styles = new Set(inSite(html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)));
  const fonts = [...styles].flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(FONT)].map(([, url]) => url ?? ''),
  );
  return {
    html: packed(Buffer.from(html)),
    scripts: [...sizes(scripts), { file: 'inline', bytes: packed(Buffer.from(inline)) }],
    styles: sizes(styles),
    fonts: fonts.map((file) => ({ file, bytes: Number.POSITIVE_INFINITY })),
  };
}

const packed = (bytes: Buffer): number => gzipSync(bytes, { level: 9 }).length;
