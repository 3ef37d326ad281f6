import type { Host } from './host.ts';
import type { MemoryNode, PostgresModule } from './postgres-module.ts';

/**
 * Gives files virtual times, which pg_stat_file() and pg_ls_waldir() show: Emscripten's are the host's. A file that nobody
 * has written since the server started is as old as the server.
 */
export function replaceFileTimes({ MEMFS }: PostgresModule, host: Host): void {
  const started = host.dateNow();
  const written = new WeakMap<MemoryNode, number>();
  const { dir, file } = MEMFS.ops_table;
  const { write } = file.stream;
  file.stream.write = (open, ...rest) => {
    written.set(open.node, host.dateNow());
    return write(open, ...rest);
  };
  for (const { node } of [dir, file]) {
    const { getattr } = node;
    node.getattr = (of) => {
      const time = new Date(written.get(of) ?? started);
      return { ...getattr(of), atime: time, mtime: time, ctime: time };
    };
  }
}
