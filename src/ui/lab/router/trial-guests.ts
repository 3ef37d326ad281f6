import type { RouterGuest, RouterNode } from '../../../routing/router.ts';

/** Guests on whom a router can be tried before it is given. `standby1` is near, `standby2` half a second behind. */
export const TRIAL_NODES: readonly RouterNode[] = [
  { name: 'primary', primary: true, replayed: null, askedMsAgo: 0 },
  { name: 'standby1', primary: false, replayed: '0/10000240', askedMsAgo: 18 },
  { name: 'standby2', primary: false, replayed: '0/FFFFC80', askedMsAgo: 31 },
];

export const TRIAL_GUESTS: readonly { readonly says: string; readonly guest: RouterGuest }[] = [
  {
    says: 'has neither written nor read',
    guest: {
      number: 1,
      wrote: null,
      wroteMsAgo: null,
      saw: null,
      lastNode: null,
      waitedMs: 0,
    },
  },
  {
    says: 'wrote at 0/10000238, 60 ms ago',
    guest: {
      number: 2,
      wrote: '0/10000238',
      wroteMsAgo: 60,
      saw: '0/FFFF000',
      lastNode: 'standby2',
      waitedMs: 0,
    },
  },
  {
    says: 'wrote at 0/10000A10, 5 ms ago',
    guest: {
      number: 3,
      wrote: '0/10000A10',
      wroteMsAgo: 5,
      saw: '0/10000100',
      lastNode: 'standby1',
      waitedMs: 0,
    },
  },
];
