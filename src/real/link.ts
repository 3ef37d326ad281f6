import { connect, createServer, type Server, type Socket } from 'node:net';

/** Each direction ends by itself: Node would otherwise answer an end at once, also over a link that is cut. */
const SOCKET = { noDelay: true, allowHalfOpen: true };

/** A chunk on its way, or the end of the stream (null), and when it is due at the other side. */
interface Parcel {
  readonly dueAt: number;
  readonly chunk: Buffer | null;
}

/**
 * The network from one node to another, as a TCP proxy: the client connects to `port` instead of the server's own. It
 * delays what passes, in both directions, and can be cut: packets stop then, and connections stay open.
 */
export class Link {
  readonly #server: Server;
  readonly #flows = new Set<Flow>();
  readonly #sockets = new Set<Socket>();
  /** Clients that connected while the link was cut: their first packet has not arrived yet. */
  readonly #waiting = new Set<Socket>();
  readonly #targetPort: number;
  #delayMs = 0;
  #isCut = false;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer({ ...SOCKET }, (client) => this.#accept(client));
    this.#server.unref();
  }

  /** Opens a link to a port of this machine. */
  static async open(targetPort: number): Promise<Link> {
    const link = new Link(targetPort);
    await new Promise<void>((resolve, reject) => {
      link.#server.once('error', reject);
      link.#server.listen(0, '127.0.0.1', resolve);
    });
    return link;
  }

  /** The port that clients connect to. */
  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the link is closed');
    return address.port;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** From now on, everything takes so long in each direction. What is on its way keeps its time. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  cut(): void {
    this.#isCut = true;
    for (const flow of this.#flows) flow.hold();
  }

  /** What was held goes on, as TCP sends again what was not acknowledged. */
  heal(): void {
    this.#isCut = false;
    for (const flow of this.#flows) flow.release();
    for (const client of this.#waiting) this.#join(client);
    this.#waiting.clear();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    for (const flow of this.#flows) flow.drop();
  }

  #accept(client: Socket): void {
    this.#track(client);
    if (this.#isCut) this.#waiting.add(client);
    else this.#join(client);
  }

  #join(client: Socket): void {
    const server = connect({ ...SOCKET, host: '127.0.0.1', port: this.#targetPort });
    this.#track(server);
    const delay = (): number => this.#delayMs;
    for (const flow of [new Flow(client, server, delay), new Flow(server, client, delay)]) {
      this.#flows.add(flow);
      flow.whenOver(() => this.#flows.delete(flow));
    }
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {}); // 'close' follows, and is passed on
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#waiting.delete(socket);
    });
  }
}

/** One direction of a connection: chunks arrive in order, each after the delay in force when it set out. */
class Flow {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #underway: Parcel[] = [];
  #timer: NodeJS.Timeout | undefined;
  #held = false;
  #over: () => void = () => {};

  constructor(from: Socket, to: Socket, delayMs: () => number) {
    this.#from = from;
    this.#to = to;
    const set = (chunk: Buffer | null): void => {
      this.#underway.push({ dueAt: performance.now() + delayMs(), chunk });
      this.#deliver();
    };
    from.on('data', set);
    // An orderly end, or one without a word: only the first counts.
    let ended = false;
    for (const event of ['end', 'close']) {
      from.on(event, () => {
        if (!ended) set(null);
        ended = true;
      });
    }
  }

  whenOver(callback: () => void): void {
    this.#over = callback;
  }

  hold(): void {
    this.#held = true;
    this.#from.pause();
    clearTimeout(this.#timer);
  }

  release(): void {
    this.#held = false;
    this.#from.resume();
    this.#deliver();
  }

  drop(): void {
    this.hold();
    this.#underway.length = 0;
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    while (!this.#held) {
      const next = this.#underway[0];
      if (next === undefined) return;
      const early = next.dueAt - performance.now();
      if (early > 0) {
        this.#timer = setTimeout(() => this.#deliver(), early);
        return;
      }
      this.#underway.shift();
      if (next.chunk === null) {
        this.#to.end();
        this.#over();
      } else {
        this.#to.write(next.chunk);
      }
    }
  }
}
