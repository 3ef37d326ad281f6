import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import { error, lineOf, type Place, type Problem, warning } from './problem.ts';

/** YAML as Patroni's parser reads it, with the place of everything. */
export type YamlNode =
  | { readonly kind: 'mapping'; readonly place: Place; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'sequence'; readonly place: Place; readonly items: readonly YamlNode[] }
  | { readonly kind: 'scalar'; readonly place: Place; readonly value: Scalar };

export type Scalar = string | number | boolean | null;

export interface YamlEntry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: YamlNode;
}

/**
 * Reads YAML 1.1, as PyYAML does: `on`, `off`, `yes` and `no` are booleans, and of a key that stands twice the last counts, with
 * everything under it; the earlier one is told of and left out.
 */
export function readYaml(text: string): { readonly tree: YamlNode; readonly problems: Problem[] } {
  const document = parseDocument(text, { version: '1.1', uniqueKeys: false, merge: true });
  const problems = document.errors.map(({ message, pos: [from, to] }) =>
    // The library adds an excerpt below its first line; the editor shows the place itself.
    error({ from, to }, `${firstLine(message)} Patroni does not start.`),
  );
  const whole: Place = { from: 0, to: text.length };

  const treeOf = (node: Node | null | undefined, fallback: Place): YamlNode => {
    const place = placeOf(node) ?? fallback;
    if (isMap(node)) return { kind: 'mapping', place, entries: entriesOf(node.items, place) };
    if (isSeq(node)) {
      const items = node.items.map((item) => treeOf(item as Node, place));
      return { kind: 'sequence', place, items };
    }
    if (isAlias(node)) return treeOf(node.resolve(document), place);
    const value = isScalar(node) ? scalar(node.value) : null;
    return { kind: 'scalar', place, value };
  };

  const entriesOf = (
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    place: Place,
  ): YamlEntry[] => {
    const entries = items.map((pair): YamlEntry => {
      const keyNode = pair.key as Node | null;
      const keyPlace = placeOf(keyNode) ?? place;
      const key = isScalar(keyNode) ? String(keyNode.value) : '';
      return { key, keyPlace, value: treeOf(pair.value as Node | null, keyPlace) };
    });
    return entries.filter((entry, index) => {
      const later = entries.findLast((other, at) => at > index && other.key === entry.key);
      if (later === undefined) return true;
      const line = lineOf(text, later.keyPlace.from);
      problems.push(
        warning(
          entry.keyPlace,
          `\`${entry.key}\` stands again in line ${line}. The parser keeps the last one and drops this one, with everything under it, without a word.`,
        ),
      );
      return false;
    });
  };

  return { tree: treeOf(document.contents, whole), problems };
}

/** What a mapping holds under a path of keys; undefined where there is nothing. */
export function at(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  return path.reduce<YamlNode | undefined>(
    (found, key) =>
      found?.kind === 'mapping'
        ? found.entries.find((entry) => entry.key === key)?.value
        : undefined,
    node,
  );
}

/** The value of a scalar; undefined for everything else. */
export const scalarOf = (node: YamlNode | undefined): Scalar | undefined =>
  node?.kind === 'scalar' ? node.value : undefined;

const firstLine = (message: string): string =>
  `${(message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}.`;

function placeOf(node: Node | null | undefined): Place | null {
  if (!node?.range) return null;
  const [from, to] = node.range;
  return { from, to: Math.max(to, from + 1) };
}

function scalar(value: unknown): Scalar {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  return value === null || value === undefined ? null : String(value);
}
