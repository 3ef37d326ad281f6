/** Fetches a gzip file of the site and unpacks it; `count` is told the bytes as they come. */
export async function fetchBytes(
  url: string,
  count: (bytes: number) => void,
): Promise<ArrayBuffer> {
  const response = await fetch(url).catch(() => {
    throw new Error(
      'There is no network, and what this needs is not kept on this device. At the foot of the page it can be kept, once the network is back.',
    );
  });
  if (!response.ok || !response.body) {
    throw new Error(
      `A part of the page could not be fetched: the server answered ${response.status} for ${url}.`,
    );
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
