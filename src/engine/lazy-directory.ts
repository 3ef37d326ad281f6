import type { MemoryNode } from './postgres-module.ts';

/** A directory whose contents are made when somebody first looks into it. */
export function fillWhenAsked(directory: MemoryNode, fill: () => void): void {
  const { node_ops } = directory;
  const filled = () => {
    directory.node_ops = node_ops;
    fill();
    return node_ops;
  };
  directory.node_ops = {
    ...node_ops,
    lookup: (parent, name) => {
      filled();
      // Emscripten has looked among the files that it knew of.
      const found = (parent.contents as Readonly<Record<string, MemoryNode>>)[name];
      return found ?? node_ops.lookup(parent, name);
    },
    readdir: (node) => filled().readdir(node),
  };
}
