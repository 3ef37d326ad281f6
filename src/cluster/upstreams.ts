import { ActionRefused, type ClusterSpec } from './action.ts';

/**
 * From where each node of a new cluster streams, by node name: null for the primary, which every chain must lead to.
 * Throws ActionRefused where one does not.
 */
export function upstreamsOf({
  nodes,
  upstreams = {},
}: ClusterSpec): ReadonlyMap<string, string | null> {
  const [primary = ''] = nodes;
  for (const [name, upstream] of Object.entries(upstreams)) {
    if (name === primary) throw new ActionRefused(`${name} is the primary: it streams from no one`);
    for (const one of [name, upstream]) {
      if (!nodes.includes(one))
        throw new ActionRefused(
          `${name} cannot stream from ${upstream}: there is no node "${one}"; the nodes are ${nodes.join(', ')}`,
        );
    }
  }
  const of = new Map(
    nodes.map((name) => [name, name === primary ? null : (upstreams[name] ?? primary)]),
  );
  for (const name of nodes) {
    let above = of.get(name);
    for (let steps = 0; above != null; steps++) {
      if (steps > nodes.length)
        throw new ActionRefused(`${name} streams from itself, by way of its own standbys`);
      above = of.get(above);
    }
  }
  return of;
}

/** Who streams from whom, in words: the primary first. */
export function streamsInWords(upstreams: ReadonlyMap<string, string | null>): string {
  const standbys = new Map<string, string[]>();
  let primary = '';
  for (const [name, upstream] of upstreams) {
    if (upstream === null) primary = name;
    else standbys.set(upstream, [...(standbys.get(upstream) ?? []), name]);
  }
  const streams = [...standbys].map(
    ([upstream, names]) =>
      `${names.join(', ')} ${names.length > 1 ? 'stream' : 'streams'} from ${upstream === primary ? 'it' : upstream}`,
  );
  return streams.length === 0
    ? `${primary} is up.`
    : `${primary} is up, and ${streams.join('; ')}.`;
}
