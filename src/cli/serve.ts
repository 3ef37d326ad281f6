import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { siteBase } from './site-base.ts';

const mimeTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.data': 'application/octet-stream',
  '.gz': 'application/gzip',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml; charset=utf-8',
};

export interface ServeOptions {
  /** The folder whose files are served. */
  root: string;
  /** The path that the folder appears under; addresses outside it are not found. */
  base?: string;
  /** The first port to try; a taken one is passed over for the next. 0 lets the system choose. */
  port?: number;
}

export interface StaticServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Serves a built site as any plain file server would: no headers that the course might come to lean
 * on, no rewriting, this machine only.
 */
export async function serve({ root, base, port = 4321 }: ServeOptions): Promise<StaticServer> {
  const folder = resolve(root);
  const prefix = siteBase(base).replace(/\/?$/, '/');

  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return answer(response, 405, 'Only GET and HEAD are answered here.');
    }
    const path = decodedPath(request.url ?? '/');
    if (path === null) return answer(response, 400, 'This address is malformed.');
    if (`${path}/` === prefix) return redirect(response, prefix);
    if (!path.startsWith(prefix)) return answer(response, 404, `The site is under ${prefix}`);

    const file = resolve(folder, `.${sep}${path.slice(prefix.length)}`);
    if (file !== folder && !file.startsWith(folder + sep))
      return answer(response, 404, 'Not found.');
    const found = await stat(file).catch(() => null);
    if (found?.isDirectory() && !path.endsWith('/')) {
      // Built from the folder's own name: an address such as //host must not lead to another host.
      return redirect(response, `${prefix}${relative(folder, file).split(sep).join('/')}/`);
    }
    const target = found?.isDirectory() ? join(file, 'index.html') : file;
    const size = await fileSize(target);
    // A file's name with a slash behind it would break the relative addresses inside that file.
    if (size === null || (found?.isFile() && path.endsWith('/'))) {
      // As most hosts do: the site's own page says that there is none.
      const page = await readFile(join(folder, '404.html')).catch(() => null);
      if (!page) return answer(response, 404, 'Not found.');
      response.writeHead(404, { 'Content-Type': mimeTypes['.html'] });
      return response.end(page);
    }

    response.writeHead(200, {
      'Content-Type': mimeTypes[extname(target)] ?? 'application/octet-stream',
      'Content-Length': size,
      'Cache-Control': 'no-cache',
    });
    if (request.method === 'HEAD') return response.end();
    createReadStream(target)
      .on('error', () => response.destroy())
      .pipe(response);
  });

  const taken = await new Promise<number>((listening, failed) => {
    let next = port;
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' || next >= port + 100) return failed(error);
      next += 1;
      server.listen(next, '127.0.0.1');
    });
    server.on('listening', () => listening((server.address() as AddressInfo).port));
    server.listen(next, '127.0.0.1');
  });

  return {
    url: `http://127.0.0.1:${taken}${prefix}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** The path of a request without its query, or null where it cannot be a file's name. */
function decodedPath(url: string): string | null {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ''));
    return path.includes('\0') ? null : path;
  } catch {
    return null;
  }
}

async function fileSize(file: string): Promise<number | null> {
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? found.size : null;
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(301, { Location: encodeURI(location) });
  response.end();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { base: { type: 'string' }, port: { type: 'string' } },
  });
  const { url } = await serve({
    root: positionals[0] ?? 'dist',
    ...(values.base === undefined ? {} : { base: values.base }),
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
  });
  console.log(`Serving ${url}`);
}
