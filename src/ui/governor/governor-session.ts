import { type Accessor, createSignal } from 'solid-js';
import type { PatroniYml } from '../../ha/patroni-yml/patroni-yml.ts';
import type { PlayAction } from '../../ha/play/play.ts';
import type { Duration, Instant } from '../../sim/instant.ts';
import type { OpenPlay } from './open-play.ts';
import type { PlaySnapshot } from './play-snapshot.ts';

/** How fast the clock of the play goes, compared with the reader's; 0: it stands. */
export type Speed = 0 | 1 | 10;

/** Something that was done, and when. */
export interface Done {
  readonly action: PlayAction;
  readonly at: Instant;
}

/** Every cluster of the page draws the same chances. */
const SEED = 1;
/** One of several deeds in a row, and the seconds of the cluster's time that pass before it. */
export interface ScriptStep {
  readonly wait?: number;
  readonly deed: PlayAction;
}

/** After the last deed the clock goes on for so long, and rests. In µs. */
const REST_AFTER = 100_000_000;
/** What a new cluster needs to come to rest before the reader sees it. In seconds. */
const SETTLES_IN = 32;
/** A frame that was long in coming (the page lay in the background) moves the clock no further than this. In ms. */
const LONGEST_FRAME = 100;
/** The page is drawn again so often. In ms. */
const DRAW_EVERY = 100;

/** A governed cluster in the page, with its clock. It runs in the page itself: a minute of it takes some milliseconds. */
export class GovernorSession {
  readonly snapshot: Accessor<PlaySnapshot | null>;
  readonly speed: Accessor<Speed>;
  readonly done: Accessor<readonly Done[]>;
  /** What the field of patroni.yml holds. */
  readonly text: Accessor<string>;
  readonly setText: (text: string) => void;
  /** What was made of the text that the cluster began with; null before it began. */
  readonly began: Accessor<PatroniYml | null>;
  readonly #setSnapshot;
  readonly #setSpeed;
  readonly #setDone;
  readonly #setBegan;
  #open: OpenPlay | null = null;
  #withoutWatchdog: readonly string[] = [];
  #restAt = 0;
  #drawnAt = 0;
  #lastFrame: number | null = null;

  constructor() {
    [this.snapshot, this.#setSnapshot] = createSignal<PlaySnapshot | null>(null);
    [this.speed, this.#setSpeed] = createSignal<Speed>(0);
    [this.done, this.#setDone] = createSignal<readonly Done[]>([]);
    const [text, setText] = createSignal('');
    this.text = text;
    this.setText = (next) => setText(next);
    [this.began, this.#setBegan] = createSignal<PatroniYml | null>(null);
  }

  /**
   * Bootstraps a new cluster from a patroni.yml, on all nodes alike. Does nothing where Patroni does not start with it. Nodes
   * without a watchdog device stay so until another list is given.
   */
  async bootstrap(text: string, withoutWatchdog = this.#withoutWatchdog): Promise<void> {
    const { openPlay } = await import('./open-play.ts');
    this.#withoutWatchdog = withoutWatchdog;
    const { yml, open } = openPlay(text, withoutWatchdog, SEED);
    this.setText(text);
    if (open === null) return;
    this.#open = open;
    open.play.run(SETTLES_IN);
    this.#setBegan(yml);
    this.#setDone([]);
    this.setSpeed(0);
    this.#draw();
  }

  /** Does something now, and lets the clock go. */
  act(action: PlayAction): void {
    const play = this.#open?.play;
    if (play === undefined) return;
    play.act(action);
    this.#setDone((before) => [...before, { action, at: play.now }]);
    this.#draw();
    if (this.speed() === 0) this.setSpeed(10);
    this.#restAt = play.now + REST_AFTER;
  }

  /** Does several things in a row. */
  perform(script: readonly ScriptStep[]): void {
    for (const { wait = 0, deed } of script) {
      this.#open?.play.run(wait);
      this.act(deed);
    }
  }

  setSpeed(speed: Speed): void {
    const play = this.#open?.play;
    if (play === undefined) return;
    const stood = this.speed() === 0;
    this.#setSpeed(speed);
    this.#restAt = play.now + REST_AFTER;
    if (!stood || speed === 0) return;
    this.#lastFrame = null;
    requestAnimationFrame(this.#frame);
  }

  /** Lets so much time pass at once. */
  forward(length: Duration): void {
    const play = this.#open?.play;
    if (play === undefined) return;
    play.runUntil((play.now + length) as Instant);
    this.#draw();
  }

  readonly #frame = (at: number): void => {
    const play = this.#open?.play;
    const speed = this.speed();
    if (play === undefined || speed === 0) return;
    const length = Math.min(at - (this.#lastFrame ?? at), LONGEST_FRAME);
    this.#lastFrame = at;
    play.runUntil(Math.round(play.now + length * 1000 * speed) as Instant);
    if (at - this.#drawnAt >= DRAW_EVERY) {
      this.#drawnAt = at;
      this.#draw();
    }
    if (play.now >= this.#restAt) {
      this.#setSpeed(0);
      this.#draw();
      return;
    }
    requestAnimationFrame(this.#frame);
  };

  #draw(): void {
    if (this.#open !== null) this.#setSnapshot(this.#open.look());
  }
}

const sessions = new Map<string, GovernorSession>();

/** The governed cluster of a figure; all islands of the page share it. */
export function governorSession(figure: string): GovernorSession {
  let session = sessions.get(figure);
  if (session === undefined) {
    session = new GovernorSession();
    sessions.set(figure, session);
  }
  return session;
}
