import { parseAction } from './action.ts';
import { NAME, parseHeader, requireNode } from './header.ts';
import { type LogicalLine, logicalLines, SEPARATOR } from './lines.ts';
import { MAIN_SESSION, type Scenario, type Step } from './scenario.ts';
import { UsageError } from './usage-error.ts';

/**
 * Reads a scenario file.
 * @throws {UsageError} for a malformed line or an unknown node, naming the line and what to do.
 */
export function parseScenario(source: string): Scenario {
  const lines = logicalLines(source);
  const separator = lines.findIndex((line) => line.text === SEPARATOR);
  if (separator === -1) {
    const last = lines.at(-1)?.number ?? 1;
    throw new UsageError(
      last,
      `no line "${SEPARATOR}"; put one between the cluster and the first step`,
    );
  }
  const cluster = parseHeader(lines.slice(0, separator));
  const steps = lines
    .slice(separator + 1)
    .map((line, index) => parseStep(line, index + 1, cluster.nodes));
  return { cluster, steps };
}

function parseStep(line: LogicalLine, number: number, nodes: readonly string[]): Step {
  const place = { number, line: line.number };
  if (line.text.startsWith('@')) {
    return { ...place, ...parseAction(line.text.slice(1), nodes, line.number) };
  }
  const match = /^([^\s:]+)(?:[ \t]+([^\s:]+))?[ \t]*:(.*)$/s.exec(line.text);
  if (match === null) {
    throw new UsageError(
      line.number,
      'not a step; write "NODE: SQL", "NODE SESSION: SQL" or an "@" step',
    );
  }
  const [, node = '', session = MAIN_SESSION, written = ''] = match;
  requireNode(nodes, node, line.number);
  if (!NAME.test(session)) {
    throw new UsageError(
      line.number,
      `"${session}" cannot be a session's name; use letters, digits, "_" and "-", beginning with a letter`,
    );
  }
  const sql = written.trim();
  if (sql === '') {
    throw new UsageError(
      line.number,
      `no SQL after "${node}:"; write a statement or remove the line`,
    );
  }
  return { ...place, kind: 'sql', node, session, sql };
}
