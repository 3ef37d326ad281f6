import { seconds } from '../../sim/instant.ts';
import {
  adjustTimeouts,
  type CallbackName,
  DEFAULT_DYNAMIC,
  DEFAULT_LOCAL,
  type DynamicConfiguration,
  type LocalConfiguration,
  type Script,
  type WatchdogMode,
} from '../configuration.ts';
import { asWord } from './check-shape.ts';
import { onlyDynamic } from './schema.ts';
import { at, type Scalar, scalarOf, type YamlNode } from './yaml-tree.ts';

/** The scripts that machines have, by the command that runs them. */
export type Scripts = ReadonlyMap<string, Script>;

/** What a shell says of a command that it does not find. */
const NOT_FOUND = 127;

/**
 * The dynamic configuration that a new cluster begins with: `bootstrap.dcs` over Patroni's defaults, and the warnings that it
 * logs about the timeouts. A value of a wrong type counts as none.
 */
export function dynamicOf(tree: YamlNode): {
  readonly dynamic: DynamicConfiguration;
  readonly warnings: readonly string[];
} {
  const dcs = at(tree, 'bootstrap', 'dcs');
  const postgresql = at(dcs, 'postgresql');
  const defaults = DEFAULT_DYNAMIC;
  const number = (key: string, otherwise: number): number =>
    wholeOf(scalarOf(at(dcs, key))) ?? otherwise;
  const flag = (key: string, otherwise: boolean): boolean =>
    flagOf(scalarOf(at(dcs, key))) ?? otherwise;
  const timeouts = { ttl: 30, loopWait: 10, retryTimeout: 10 };
  const asked = {
    ttl: number('ttl', timeouts.ttl),
    loopWait: number('loop_wait', timeouts.loopWait),
    retryTimeout: number('retry_timeout', timeouts.retryTimeout),
  };
  const adjusted = adjustTimeouts(asked);
  return {
    warnings: adjusted.warnings,
    dynamic: {
      ...defaults,
      ttl: seconds(adjusted.timeouts.ttl),
      loopWait: seconds(adjusted.timeouts.loopWait),
      retryTimeout: seconds(adjusted.timeouts.retryTimeout),
      maximumLagOnFailover: number('maximum_lag_on_failover', defaults.maximumLagOnFailover),
      maximumLagOnSyncnode: number('maximum_lag_on_syncnode', defaults.maximumLagOnSyncnode),
      synchronousMode: synchronousModeOf(scalarOf(at(dcs, 'synchronous_mode'))),
      synchronousModeStrict: flag('synchronous_mode_strict', defaults.synchronousModeStrict),
      synchronousNodeCount: number('synchronous_node_count', defaults.synchronousNodeCount),
      failsafeMode: flag('failsafe_mode', defaults.failsafeMode),
      checkTimeline: flag('check_timeline', defaults.checkTimeline),
      pause: flag('pause', defaults.pause),
      primaryStartTimeout: seconds(number('primary_start_timeout', 300)),
      primaryStopTimeout: seconds(number('primary_stop_timeout', 0)),
      usePgRewind:
        // A node's own word on it stands above the common one.
        flagOf(scalarOf(at(tree, 'postgresql', 'use_pg_rewind'))) ??
        flagOf(scalarOf(at(postgresql, 'use_pg_rewind'))) ??
        defaults.usePgRewind,
      useSlots: flagOf(scalarOf(at(postgresql, 'use_slots'))) ?? defaults.useSlots,
      parameters: parametersOf(at(postgresql, 'parameters'), () => true),
    },
  };
}

/** What the node's own part of the file says. What `bootstrap.dcs.postgresql` says beside it counts where the node says nothing. */
export function localOf(tree: YamlNode, scripts: Scripts): LocalConfiguration {
  const postgresql = (...path: string[]): YamlNode | undefined =>
    at(tree, 'postgresql', ...path) ?? at(tree, 'bootstrap', 'dcs', 'postgresql', ...path);
  const flag = (...path: string[]): boolean => flagOf(scalarOf(postgresql(...path))) ?? false;
  const script = (node: YamlNode | undefined): Script | null => {
    const command = scalarOf(node);
    if (typeof command !== 'string' || command === '') return null;
    return scripts.get(command) ?? { command, exitStatus: NOT_FOUND, takes: seconds(0) };
  };
  const names: readonly CallbackName[] = [
    ...(['on_start', 'on_stop', 'on_restart', 'on_reload', 'on_role_change'] as const),
  ];
  const callbacks = names.flatMap((name) => {
    const found = script(postgresql('callbacks', name));
    return found === null ? [] : [[name, found] as const];
  });
  return {
    tags: tagsOf(at(tree, 'tags')),
    watchdog: watchdogOf(at(tree, 'watchdog')),
    callbacks: Object.fromEntries(callbacks),
    prePromote: script(postgresql('pre_promote')),
    removeDataDirectoryOnDivergedTimelines: flag('remove_data_directory_on_diverged_timelines'),
    removeDataDirectoryOnRewindFailure: flag('remove_data_directory_on_rewind_failure'),
    parameters: parametersOf(
      at(tree, 'postgresql', 'parameters'),
      (name) => !onlyDynamic.has(name.toLowerCase()),
    ),
  };
}

function tagsOf(tags: YamlNode | undefined): LocalConfiguration['tags'] {
  const flag = (key: string): boolean => flagOf(scalarOf(at(tags, key))) ?? false;
  const priority = wholeOf(scalarOf(at(tags, 'failover_priority')));
  const { failoverPriority } = DEFAULT_LOCAL.tags;
  // Where both stand, `nofailover` counts.
  const nofailover =
    at(tags, 'nofailover') === undefined ? priority !== null && priority <= 0 : flag('nofailover');
  return {
    nofailover,
    failoverPriority: nofailover ? 0 : Math.max(priority ?? failoverPriority, failoverPriority),
    nosync: flag('nosync'),
    noloadbalance: flag('noloadbalance'),
  };
}

function watchdogOf(watchdog: YamlNode | undefined): LocalConfiguration['watchdog'] {
  const defaults = DEFAULT_LOCAL.watchdog;
  const modes: readonly WatchdogMode[] = ['off', 'automatic', 'required'];
  const said = scalarOf(at(watchdog, 'mode'));
  const word = said === undefined ? null : asWord(said);
  const device = scalarOf(at(watchdog, 'device'));
  const margin = wholeOf(scalarOf(at(watchdog, 'safety_margin')));
  return {
    mode: modes.find((mode) => mode === word) ?? defaults.mode,
    device: typeof device === 'string' ? device : defaults.device,
    safetyMargin: margin === null ? defaults.safetyMargin : margin < 0 ? null : seconds(margin),
  };
}

function synchronousModeOf(value: Scalar | undefined): DynamicConfiguration['synchronousMode'] {
  if (value === undefined) return DEFAULT_DYNAMIC.synchronousMode;
  const word = asWord(value);
  if (word === 'quorum') return 'quorum';
  return flagOf(value) === true ? 'on' : 'off';
}

/** As PostgreSQL's configuration file would have them: YAML's flags are `on` and `off` there. */
function parametersOf(
  node: YamlNode | undefined,
  counts: (name: string) => boolean,
): Readonly<Record<string, string>> {
  if (node?.kind !== 'mapping') return {};
  return Object.fromEntries(
    node.entries.flatMap(({ key, value }) => {
      const said = scalarOf(value);
      if (said === undefined || said === null || !counts(key)) return [];
      return [[key, typeof said === 'boolean' ? (said ? 'on' : 'off') : String(said)]];
    }),
  );
}

/** A whole number, also as text: what Python's `int()` takes. */
function wholeOf(value: Scalar | undefined): number | null {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return null;
  const number = Number(value);
  return Number.isInteger(number) ? number : null;
}

/** What Patroni's `parse_bool` makes of it. */
function flagOf(value: Scalar | undefined): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = String(value).toLowerCase();
  if (['on', 'true', 'yes', '1'].includes(word)) return true;
  if (['off', 'false', 'no', '0'].includes(word)) return false;
  return null;
}
