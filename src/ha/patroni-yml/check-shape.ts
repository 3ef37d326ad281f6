import { error, type Problem, warning } from './problem.ts';
import { placesOf, type Shape } from './schema.ts';
import type { Scalar, YamlEntry, YamlNode } from './yaml-tree.ts';

/** Holds a node of the file to its shape. `path` is where it stands, such as `bootstrap.dcs`; empty for the whole. */
export function checkShape(node: YamlNode, shape: Shape, path: string): Problem[] {
  switch (shape.kind) {
    case 'anything':
      return [];
    case 'list':
      return node.kind === 'sequence' ? [] : [wrong(node, path, 'a list')];
    case 'mapping':
      return checkMapping(node, shape, path);
    case 'settings':
      return node.kind === 'mapping' ? checkSettings(node.entries, path) : [noMapping(node, path)];
    default:
      return node.kind === 'scalar'
        ? checkScalar(node, node.value, shape, path)
        : [wrong(node, path, wanted(shape))];
  }
}

/** Words for what may stand there. */
function wanted(shape: Shape): string {
  switch (shape.kind) {
    case 'whole':
      return shape.least === null ? 'a whole number' : `a whole number of at least ${shape.least}`;
    case 'choice':
      return `one of ${shape.words.map((word) => `\`${word}\``).join(', ')}`;
    case 'flag':
      return '`true` or `false`';
    case 'number':
      return 'a number';
    default:
      return 'text';
  }
}

const wrong = ({ place }: YamlNode, path: string, what: string): Problem =>
  error(place, `\`${path}\` must be ${what}.`);

const noMapping = (node: YamlNode, path: string): Problem =>
  wrong(node, path === '' ? 'patroni.yml' : path, 'a mapping, with keys under it');

function checkMapping(
  node: YamlNode,
  shape: Extract<Shape, { kind: 'mapping' }>,
  path: string,
): Problem[] {
  if (node.kind !== 'mapping') {
    // A key with nothing under it is an empty mapping to Patroni.
    return node.kind === 'scalar' && node.value === null && path !== ''
      ? []
      : [noMapping(node, path)];
  }
  const problems = node.entries.flatMap((entry) => {
    const known = Object.hasOwn(shape.keys, entry.key) ? shape.keys[entry.key] : undefined;
    if (known) return checkShape(entry.value, known, join(path, entry.key));
    return shape.open === true ? [] : [unknownKey(entry, Object.keys(shape.keys), path)];
  });
  for (const required of shape.required ?? []) {
    if (node.entries.some(({ key }) => key === required)) continue;
    const where = path === '' ? '' : ` under \`${path}\``;
    const from = node.place.from;
    problems.push(
      error({ from, to: from + 1 }, `There is no \`${required}\`${where}, and Patroni needs it.`),
    );
  }
  return problems;
}

function unknownKey({ key, keyPlace }: YamlEntry, known: readonly string[], path: string): Problem {
  const here = path === '' ? 'at this level' : `under \`${path}\``;
  const places = placesOf(key);
  const near = known.find((name) => distance(name, key) <= 2);
  const advice =
    places.length > 0
      ? ` It belongs under ${places.map((place) => `\`${place}\``).join(' or ')}.`
      : near === undefined
        ? ''
        : ` Did you mean \`${near}\`?`;
  return warning(keyPlace, `Patroni knows no \`${key}\` ${here}, and passes over it.${advice}`);
}

const checkSettings = (entries: readonly YamlEntry[], path: string): Problem[] =>
  entries
    .filter(({ value }) => value.kind !== 'scalar')
    .map(({ key, value }) => wrong(value, join(path, key), 'one value'));

function checkScalar(node: YamlNode, value: Scalar, shape: Shape, path: string): Problem[] {
  return allows(shape, value) ? [] : [wrong(node, path, wanted(shape))];
}

function allows(shape: Shape, value: Scalar): boolean {
  switch (shape.kind) {
    case 'whole': {
      const number = shape.quoted && isDigits(value) ? Number(value) : value;
      return (
        typeof number === 'number' &&
        Number.isInteger(number) &&
        (shape.least === null || number >= shape.least)
      );
    }
    case 'flag':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number';
    case 'choice':
      return shape.words.includes(asWord(value));
    default:
      return value !== null && typeof value !== 'boolean';
  }
}

/** What a choice reads: YAML 1.1 makes flags of `on` and `off`. */
export const asWord = (value: Scalar): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value).toLowerCase();

const isDigits = (value: Scalar): value is string =>
  typeof value === 'string' && /^-?\d+$/.test(value);

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** How many letters must be changed, added or taken out to come from one word to the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
