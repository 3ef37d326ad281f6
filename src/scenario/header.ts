import { type LogicalLine, SEPARATOR } from './lines.ts';
import type { ClusterSpec, NodeSetting } from './target.ts';
import { UsageError } from './usage-error.ts';

/** What a node or a session may be called. */
export const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Reads the lines before `---`: the cluster and its settings. */
export function parseHeader(lines: readonly LogicalLine[]): ClusterSpec {
  let nodes: readonly string[] | null = null;
  const config: NodeSetting[] = [];
  for (const line of lines) {
    const keyword = line.text.split(/\s/, 1)[0];
    if (keyword === 'cluster') {
      if (nodes !== null) {
        throw new UsageError(line.number, 'a second "cluster" line; name all nodes on the first');
      }
      nodes = parseCluster(line);
    } else if (keyword === 'config') {
      config.push(parseConfig(line));
    } else {
      throw new UsageError(
        line.number,
        `expected "cluster", "config" or "${SEPARATOR}" here, not "${keyword}"; steps come after a line "${SEPARATOR}"`,
      );
    }
  }
  if (nodes === null) {
    const first = lines[0]?.number ?? 1;
    throw new UsageError(
      first,
      'no "cluster" line; begin the file with one, such as: cluster primary standby1',
    );
  }
  for (const setting of config) requireNode(nodes, setting.node, setting.line);
  return { nodes, config };
}

/** Throws a usage error where the cluster has no such node. */
export function requireNode(nodes: readonly string[], name: string, line: number): void {
  if (nodes.includes(name)) return;
  throw new UsageError(line, `unknown node "${name}"; the cluster has ${nodes.join(', ')}`);
}

function parseCluster({ text, number }: LogicalLine): readonly string[] {
  const nodes = text.split(/\s+/).slice(1);
  if (nodes.length === 0) {
    throw new UsageError(
      number,
      'a cluster needs at least one node: cluster primary standby1 standby2',
    );
  }
  for (const [index, node] of nodes.entries()) {
    if (!NAME.test(node)) {
      throw new UsageError(
        number,
        `"${node}" cannot be a node's name; use letters, digits, "_" and "-", beginning with a letter`,
      );
    }
    if (nodes.indexOf(node) !== index) {
      throw new UsageError(number, `node "${node}" is named twice; give each node its own name`);
    }
  }
  return nodes;
}

function parseConfig({ text, number }: LogicalLine): NodeSetting {
  const match = /^config\s+(\S+)\s+([A-Za-z_][\w.]*)\s*=\s*(.*)$/s.exec(text);
  if (match === null) {
    throw new UsageError(number, 'write a setting as: config NODE name = value');
  }
  const [, node = '', name = '', written = ''] = match;
  return { node, name: name.toLowerCase(), value: parseValue(written, number), line: number };
}

/** A value as in postgresql.conf: bare, or in single quotes with '' for a quote inside. */
function parseValue(written: string, line: number): string {
  if (!written.startsWith("'")) {
    if (written === '') throw new UsageError(line, "the setting has no value; write '' for none");
    return written;
  }
  const quoted = /^'((?:[^']|'')*)'$/.exec(written);
  if (quoted === null) {
    throw new UsageError(
      line,
      `the value ${written} is not one quoted string; end it with ' and write a quote inside as ''`,
    );
  }
  return (quoted[1] ?? '').replaceAll("''", "'");
}
