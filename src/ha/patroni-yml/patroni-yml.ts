import type { DynamicConfiguration, LocalConfiguration } from '../configuration.ts';
import { checkShape } from './check-shape.ts';
import { overruled } from './layering.ts';
import { type Place, type Problem, warning } from './problem.ts';
import { patroniYml } from './schema.ts';
import { dynamicOf, localOf, type Scripts } from './settings-of.ts';
import { at, readYaml, scalarOf, type YamlNode } from './yaml-tree.ts';

/** What a node's patroni.yml comes to. */
export interface PatroniYml {
  readonly problems: readonly Problem[];
  /** Whether Patroni starts with this file at all. */
  readonly starts: boolean;
  readonly scope: string;
  readonly name: string;
  /** What the cluster begins with, if it is new. The DCS holds it from then on, and the file's `bootstrap` is not read again. */
  readonly dynamic: DynamicConfiguration;
  /** The node's own. */
  readonly local: LocalConfiguration;
}

/**
 * Reads patroni.yml as Patroni 4.1 does: what it says of the file and what it makes of it, in the order of the places.
 * @param scripts the scripts that callbacks and `pre_promote` can name; another command is not found.
 */
export function readPatroniYml(text: string, scripts: Scripts = new Map()): PatroniYml {
  const { tree, problems: ofSyntax } = readYaml(text);
  const broken = ofSyntax.some(({ severity }) => severity === 'error');
  const { dynamic, warnings } = dynamicOf(tree);
  const problems = broken
    ? ofSyntax
    : [
        ...ofSyntax,
        ...checkShape(tree, patroniYml, ''),
        ...warnings.map((words) => aboutTimeouts(tree, words)),
        ...overruled(tree, dynamic),
        ...unknownScripts(tree, scripts),
      ];
  const named = (key: string): string => String(scalarOf(at(tree, key)) ?? '');
  return {
    problems: problems.toSorted((one, other) => one.from - other.from),
    starts: !broken && named('scope') !== '' && named('name') !== '',
    scope: named('scope'),
    name: named('name'),
    dynamic,
    local: localOf(tree, scripts),
  };
}

/** Patroni's own warning, at the value that it changes. */
function aboutTimeouts(tree: YamlNode, words: string): Problem {
  const dcs = at(tree, 'bootstrap', 'dcs');
  const key = /^(\w+)=/.exec(words)?.[1] ?? /Adjusting (\w+)/.exec(words)?.[1] ?? '';
  const value = at(dcs, key) ?? at(dcs, 'ttl') ?? at(dcs, 'retry_timeout') ?? dcs ?? tree;
  return warning(startOf(value), `Patroni warns, and goes on: ${words}`);
}

/** A scalar whole; of anything larger its first character. */
const startOf = ({ kind, place }: YamlNode): Place =>
  kind === 'scalar' ? place : { from: place.from, to: place.from + 1 };

function unknownScripts(tree: YamlNode, scripts: Scripts): Problem[] {
  return [['postgresql'], ['bootstrap', 'dcs', 'postgresql']].flatMap((path) => {
    const callbacks = at(tree, ...path, 'callbacks');
    const all = [
      at(tree, ...path, 'pre_promote'),
      ...(callbacks?.kind === 'mapping' ? callbacks.entries.map(({ value }) => value) : []),
    ];
    return all.flatMap((node) => {
      const command = scalarOf(node);
      if (node === undefined || typeof command !== 'string' || scripts.has(command)) return [];
      const here = [...scripts.keys()].map((known) => `\`${known}\``).join(', ');
      return [
        warning(
          node.place,
          `There is no such script on these machines, so that it ends with status 127.${here === '' ? '' : ` There are ${here}.`}`,
        ),
      ];
    });
  });
}
