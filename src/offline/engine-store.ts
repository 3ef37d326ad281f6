import { AGREED, assetCache, type Edition, type LargeFile } from './edition.ts';

/** The large files of an edition on this device: kept when the reader agrees, with progress in bytes, and removed when she likes. */
export class EngineStore {
  readonly edition: Edition;
  readonly total: number;
  readonly #caches: CacheStorage;
  readonly #fetch: typeof fetch;

  constructor(edition: Edition, storage: CacheStorage, fetcher: typeof fetch) {
    this.edition = edition;
    this.total = edition.large.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#caches = storage;
    this.#fetch = fetcher;
  }

  /** Whether the reader has agreed, and everything is there. */
  async isKept(): Promise<boolean> {
    const cache = await this.#open();
    if (!(await cache.match(this.#address(AGREED)))) return false;
    return (await this.#missing(cache)).length === 0;
  }

  /**
   * Fetches what is missing. Ended early, it goes on from there next time.
   * @throws in words for a person, where the network or the browser refuses.
   */
  async keep(progress: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    const cache = await this.#open();
    const missing = await this.#missing(cache);
    let done = this.total - missing.reduce((sum, { bytes }) => sum + bytes, 0);
    progress(done);
    for (const file of missing) {
      const before = done;
      const bytes = await this.#download(file, signal, (loaded) => {
        done = before + Math.min(loaded, file.bytes);
        progress(done);
      });
      await this.#put(cache, file.path, bytes);
      done = before + file.bytes;
      progress(done);
    }
    await this.#put(cache, AGREED, null);
  }

  async remove(): Promise<void> {
    const cache = await this.#open();
    await cache.delete(this.#address(AGREED));
    for (const { path } of this.edition.large) await cache.delete(this.#address(path));
  }

  async #missing(cache: Cache): Promise<readonly LargeFile[]> {
    const there = await Promise.all(
      this.edition.large.map(({ path }) => cache.match(this.#address(path))),
    );
    return this.edition.large.filter((_, i) => !there[i]);
  }

  async #download(
    { path }: LargeFile,
    signal: AbortSignal,
    progress: (loaded: number) => void,
  ): Promise<Response> {
    const response = await this.#fetch(this.#address(path), { signal }).catch((error) => {
      if (signal.aborted) throw error;
      throw new Error('the network gives no answer. What has come is kept; go on when it is back');
    });
    if (!response.ok || !response.body)
      throw new Error(`the server answers ${response.status} for ${path}`);
    let loaded = 0;
    const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        loaded += chunk.length;
        progress(loaded);
        controller.enqueue(chunk);
      },
    });
    const type = response.headers.get('content-type');
    return new Response(response.body.pipeThrough(counter), {
      headers: type ? { 'content-type': type } : {},
    });
  }

  async #put(cache: Cache, path: string, response: Response | null): Promise<void> {
    try {
      await cache.put(this.#address(path), response ?? new Response('yes'));
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError')
        throw new Error('this browser’s storage for the site is full');
      throw error;
    }
  }

  #open(): Promise<Cache> {
    return this.#caches.open(assetCache(this.edition.base));
  }

  #address(path: string): string {
    return `${this.edition.base}${path}`;
  }
}
