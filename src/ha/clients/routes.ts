/** The ways in which the cafe's app may look for the server that takes writes. */
import type { Route } from './client.ts';

export const ROUTES = {
  name: { kind: 'hosts', hosts: ['node1'], targetSessionAttrs: 'any' },
  any: { kind: 'hosts', hosts: ['node1', 'node2', 'node3'], targetSessionAttrs: 'any' },
  'read-write': {
    kind: 'hosts',
    hosts: ['node1', 'node2', 'node3'],
    targetSessionAttrs: 'read-write',
  },
  proxy: { kind: 'proxy' },
} as const satisfies Readonly<Record<string, Route>>;

export type RouteName = keyof typeof ROUTES;

export const isRouteName = (name: string): name is RouteName => name in ROUTES;
