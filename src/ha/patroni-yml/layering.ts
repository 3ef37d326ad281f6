import type { DynamicConfiguration } from '../configuration.ts';
import { type Problem, warning } from './problem.ts';
import { onlyDynamic } from './schema.ts';
import { at, scalarOf, type YamlNode } from './yaml-tree.ts';

/** Settings that stand where another layer overrules them. Each is valid, and none does anything. */
export function overruled(tree: YamlNode, dynamic: DynamicConfiguration): Problem[] {
  return [
    ...localUseSlots(tree),
    ...localOnlyDynamic(tree),
    ...namesBesideSynchronousMode(tree, dynamic),
    ...bothFailoverTags(tree),
  ];
}

function localUseSlots(tree: YamlNode): Problem[] {
  const slots = at(tree, 'postgresql', 'use_slots');
  if (slots === undefined) return [];
  return [
    warning(
      slots.place,
      '`use_slots` counts for all nodes or for none: Patroni reads it from the DCS alone. It belongs under `bootstrap.dcs.postgresql`.',
    ),
  ];
}

function localOnlyDynamic(tree: YamlNode): Problem[] {
  const parameters = at(tree, 'postgresql', 'parameters');
  if (parameters?.kind !== 'mapping') return [];
  return parameters.entries
    .filter(({ key }) => onlyDynamic.has(key.toLowerCase()))
    .map(({ key, keyPlace }) =>
      warning(
        keyPlace,
        `All nodes must have the same \`${key}\`: Patroni reads it from the DCS alone, and drops it here without a word. It belongs under \`bootstrap.dcs.postgresql.parameters\`.`,
      ),
    );
}

function namesBesideSynchronousMode(tree: YamlNode, dynamic: DynamicConfiguration): Problem[] {
  if (dynamic.synchronousMode === 'off') return [];
  const places = [['postgresql'], ['bootstrap', 'dcs', 'postgresql']] as const;
  return places.flatMap((path) => {
    const names = at(tree, ...path, 'parameters', 'synchronous_standby_names');
    if (names === undefined || scalarOf(names) === '') return [];
    return [
      warning(
        names.place,
        `With \`synchronous_mode: ${dynamic.synchronousMode}\` Patroni writes these names itself, and yours are overruled.`,
      ),
    ];
  });
}

function bothFailoverTags(tree: YamlNode): Problem[] {
  const tags = at(tree, 'tags');
  const priority = at(tags, 'failover_priority');
  if (at(tags, 'nofailover') === undefined || priority === undefined) return [];
  return [warning(priority.place, 'Beside `nofailover` this does nothing: `nofailover` counts.')];
}
