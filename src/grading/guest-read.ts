import type { Instant } from '../sim/instant.ts';

/** One read of a guest, as it went: where the router sent it, and what it showed of what she knew. */
export interface GuestRead {
  readonly guest: string;
  readonly askedAt: Instant;
  /** When the node read its rows. */
  readonly readAt: Instant;
  readonly answeredAt: Instant;
  readonly node: string;
  readonly onPrimary: boolean;
  /** How long the router let it wait, in µs. */
  readonly waited: number;
  /** How long it took besides, in µs. */
  readonly took: number;
  /** The token of her last write, and when that write was answered; null where there is none. */
  readonly wrote: string | null;
  readonly wroteAt: Instant | null;
  /** How far the app knew the node to be when the router decided; null for the primary. */
  readonly known: string | null;
  /** How far the node was when it read. */
  readonly position: string;
  /** Her newest order that she was told is placed, and this read does not show. */
  readonly missing: { readonly key: number; readonly toldAt: Instant } | null;
  /** Orders that an earlier read of hers had shown and this one does not, and where that one was answered. */
  readonly backward: { readonly from: string; readonly orders: number } | null;
  /** Why the router gave no decision: the read then went to the primary. */
  readonly fault: string | null;
}
