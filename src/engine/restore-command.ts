import { DATA_DIRECTORY } from './data-directory.ts';
import type { PostgresModule } from './postgres-module.ts';

/** What PostgreSQL is told to run: the simulator answers it, whatever the person's own command was. */
export const RESTORE_COMMAND = 'restore %f %p';

/** What system(3) returns for a command that ended with exit status 1. */
const EXIT_STATUS_1 = 256;

/** Lets PostgreSQL's calls of system(3), which there is no shell for, be answered with the archive's files. */
export function answerRestoreCommand(
  module: PostgresModule,
  archived: (file: string) => Uint8Array | null,
): void {
  const call = module.addFunction((address = 0) => {
    const end = module.HEAPU8.indexOf(0, address);
    const text = new TextDecoder().decode(module.HEAPU8.slice(address, end));
    const [, file = '', path = ''] = /^restore (\S+) (\S+)$/.exec(text) ?? [];
    const bytes = archived(file);
    if (bytes === null) return EXIT_STATUS_1;
    module.FS.writeFile(`${DATA_DIRECTORY}/${path}`, bytes);
    return 0;
  }, 'pi');
  module._pgl_set_system_fn(call);
}
