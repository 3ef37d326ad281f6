import type { ServerState } from '../cluster/sql-engine.ts';
import { stateFiles } from './catalog/index.ts';
import type { PostgresModule } from './postgres-module.ts';

const encoder = new TextEncoder();

/**
 * The files from which our catalog functions read what the simulator knows. Most statements never look: the text is made when
 * PostgreSQL opens a file, from the state presented last.
 */
export class StateFiles {
  readonly #module: PostgresModule;
  #texts: Map<string, Uint8Array> | null = null;
  #state: (() => ServerState) | null = null;

  constructor(module: PostgresModule) {
    this.#module = module;
    module.FS.mkdirTree('/sim');
  }

  present(state: () => ServerState): void {
    // Before anything is presented there is no file, and the functions answer for themselves.
    if (this.#state === null) for (const { path } of stateFiles(state())) this.#make(path);
    this.#state = state;
    this.#texts = null;
  }

  #make(path: string): void {
    const { FS } = this.#module;
    FS.writeFile(path, '');
    const { node } = FS.lookupPath(path);
    node.stream_ops = {
      ...node.stream_ops,
      open: () => {
        const bytes = this.#text(path);
        node.contents = bytes;
        node.usedBytes = bytes.length;
      },
    };
  }

  #text(path: string): Uint8Array {
    if (this.#state === null) return new Uint8Array();
    this.#texts ??= new Map(
      stateFiles(this.#state()).map((file) => [file.path, encoder.encode(file.text)]),
    );
    return this.#texts.get(path) ?? new Uint8Array();
  }
}
