import { DAMAGES } from '../cluster/backup-damage.ts';
import { parseDuration } from './duration.ts';
import { NAME, requireNode } from './header.ts';
import type { Action } from './target.ts';
import { UsageError } from './usage-error.ts';

/** The part of a step that an `@` line describes. */
export type AtStep =
  | { kind: 'wait'; ms: number }
  | { kind: 'log'; node: string }
  | { kind: 'act'; action: Action };

/** How each `@` step is written, for the parser and for its messages. */
const USAGE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    wait: '2s',
    settle: '',
    freeze: 'NODE walreceiver|startup',
    thaw: 'NODE walreceiver|startup',
    delay: 'NODE NODE 40ms',
    cut: 'NODE NODE',
    heal: 'NODE NODE',
    kill: 'NODE',
    'power-off': 'NODE',
    start: 'NODE',
    stop: 'NODE',
    promote: 'NODE',
    follow: 'NODE UPSTREAM',
    rewind: 'NODE UPSTREAM',
    basebackup: 'NODE UPSTREAM',
    backup: 'NODE NAME',
    damage: 'BACKUP FILE|{NODE SESSION} flip|truncate|remove|add',
    restore: "NODE BACKUP recovery|standby|none [name = 'value'; …]",
    log: 'NODE',
    cancel: 'NODE SESSION',
    terminate: 'NODE SESSION',
  }),
);

/** Reads an `@` line, without its `@`. */
export function parseAction(text: string, nodes: readonly string[], line: number): AtStep {
  const [word = '', ...rest] = text.trim().split(/\s+/);
  const usage = USAGE.get(word);
  if (usage === undefined) {
    const known = [...USAGE.keys()].map((name) => `@${name}`);
    throw new UsageError(line, `unknown step "@${word}"; there is ${known.join(', ')}`);
  }
  const malformed = (reason: string): UsageError =>
    new UsageError(line, `${reason}; write it as: @${`${word} ${usage}`.trim()}`);
  const count = usage === '' ? 0 : usage.split(' ').length;
  if (word === 'restore') return parseRestore(text, nodes, line);
  if (word === 'damage') return parseDamage(text, malformed);
  if (rest.length !== count) {
    throw malformed(
      `"@${word}" takes ${count === 0 ? 'nothing' : `${count} words`}, not ${rest.length}`,
    );
  }
  const [first = '', second = '', third = ''] = rest;

  const duration = (written: string): number => {
    const ms = parseDuration(written);
    if (ms === null) {
      throw malformed(
        `"${written}" is no duration (a number and us, ms, s or min, without a space)`,
      );
    }
    return ms;
  };
  const pair = (): void => {
    requireNode(nodes, first, line);
    requireNode(nodes, second, line);
    if (first === second) throw malformed(`"@${word}" needs two different nodes`);
  };

  switch (word) {
    case 'wait':
      return { kind: 'wait', ms: duration(first) };
    case 'settle':
      return { kind: 'act', action: { kind: 'settle' } };
    case 'freeze':
    case 'thaw':
      requireNode(nodes, first, line);
      if (second !== 'walreceiver' && second !== 'startup') {
        throw malformed(`"${second}" is no process that can be frozen`);
      }
      return { kind: 'act', action: { kind: word, node: first, process: second } };
    case 'delay':
      pair();
      return {
        kind: 'act',
        action: { kind: word, node: first, peer: second, ms: duration(third) },
      };
    case 'cut':
    case 'heal':
      pair();
      return { kind: 'act', action: { kind: word, node: first, peer: second } };
    case 'follow':
    case 'rewind':
    case 'basebackup':
      pair();
      return { kind: 'act', action: { kind: word, node: first, upstream: second } };
    case 'log':
      requireNode(nodes, first, line);
      return { kind: 'log', node: first };
    case 'backup':
      requireNode(nodes, first, line);
      if (!NAME.test(second)) throw malformed(`"${second}" cannot be a backup's name`);
      return { kind: 'act', action: { kind: word, node: first, name: second } };
    case 'cancel':
    case 'terminate':
      requireNode(nodes, first, line);
      if (!NAME.test(second)) throw malformed(`"${second}" cannot be a session's name`);
      return { kind: 'act', action: { kind: word, node: first, session: second } };
    case 'kill':
    case 'power-off':
    case 'start':
    case 'stop':
    case 'promote':
      requireNode(nodes, first, line);
      return { kind: 'act', action: { kind: word, node: first } };
    default:
      throw new Error(`@${word} has a usage and no reader`);
  }
}

/** The file may be the last answer of a session: pg_relation_filepath(). */
function parseDamage(text: string, malformed: (reason: string) => UsageError): AtStep {
  const [, backup = '', file = '', how = ''] =
    /^damage\s+(\S+)\s+(\{\S+ \S+\}|\S+)\s+(\S+)$/.exec(text.trim()) ?? [];
  const damage = DAMAGES.find((one) => one === how);
  if (damage === undefined) throw malformed(`"${how}" is nothing that can befall a file`);
  return { kind: 'act', action: { kind: 'damage', backup, file, damage } };
}

/** The settings stand behind the three words, one after another with `;` between them. */
function parseRestore(text: string, nodes: readonly string[], line: number): AtStep {
  const [, node = '', backup = '', signal = '', conf = ''] =
    /^restore\s+(\S+)\s+(\S+)\s+(\S+)\s*(.*)$/s.exec(text.trim()) ?? [];
  requireNode(nodes, node, line);
  if (signal !== 'recovery' && signal !== 'standby' && signal !== 'none')
    throw new UsageError(line, `"${signal}" is no signal; write recovery, standby or none`);
  const lines = conf.split(';').map((one) => one.trim());
  return {
    kind: 'act',
    action: { kind: 'restore', node, backup, signal, conf: lines.join('\n') },
  };
}
