/** What a learner's function is told: src/routing/router.ts in her words. */
export const ROUTER_TYPES = `type Guest = {
  number: number;            // counts the guests from 1
  wrote: string | null;      // the token of her last order, such as '0/FFD2A18'
  wroteMsAgo: number | null; // when she was told that it is placed
  saw: string | null;        // how far the node was that answered her last read
  lastNode: string | null;   // that node
  waitedMs: number;          // how long you have let this read wait already
};

type RouterNode = {
  name: string;              // 'primary', 'standby1', 'standby2'
  primary: boolean;
  replayed: string | null;   // pg_last_wal_replay_lsn() when last asked; null on the primary
  askedMsAgo: number;
};

// The name of a node: read there. { waitMs }: ask me again then.
export function route(guest: Guest, nodes: RouterNode[]): string | { waitMs: number }`;
