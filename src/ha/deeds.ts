/** What befalls a whole governed cluster, machines and cables with it, whatever its servers are. */
import type { GovernorInput } from './governor-state.ts';
import type { GovernorAction, GovernorSpec } from './ha-port.ts';

export type GovernedDeed =
  | GovernorAction
  /** The machine is gone with all that runs on it, or is switched on again. */
  | { readonly kind: 'powerOff'; readonly node: string }
  | { readonly kind: 'powerOn'; readonly node: string }
  | CableDeed;

export type CableDeed =
  /** Nothing passes between a node and anybody else, the DCS and the proxy included; then it does again. */
  | { readonly kind: 'isolate' | 'rejoin'; readonly node: string }
  /** Nothing passes between a node and the DCS; then it does again. */
  | { readonly kind: 'cutFromDcs' | 'healToDcs'; readonly node: string };

const KINDS: Readonly<Record<CableDeed['kind'], true>> = {
  isolate: true,
  rejoin: true,
  cutFromDcs: true,
  healToDcs: true,
};

export const isCableDeed = (deed: { readonly kind: string }): deed is CableDeed =>
  deed.kind in KINDS;

/** What the governor is told where cables of a node are cut or healed. */
export function cableInputs(
  { kind, node }: CableDeed,
  nodes: readonly string[],
  { dcsMembers, proxy }: GovernorSpec,
): readonly GovernorInput[] {
  const works = kind === 'rejoin' || kind === 'healToDcs';
  const toOthers = dcsMembers.map((b): GovernorInput => link(node, b, works));
  if (kind === 'cutFromDcs' || kind === 'healToDcs') return toOthers;
  const toNodes = nodes
    .filter((other) => other !== node)
    .map((b): GovernorInput => ({ kind: 'nodeLink', a: node, b, works }));
  return [...toNodes, ...toOthers, ...(proxy === null ? [] : [link(node, proxy.name, works)])];
}

const link = (a: string, b: string, works: boolean): GovernorInput => ({
  kind: works ? 'healLink' : 'cutLink',
  a,
  b,
});
