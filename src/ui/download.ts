import { runFileName } from '../session/run-file.ts';
import type { Session } from '../session/session.ts';
import type { Instant } from '../sim/instant.ts';

/** Hands a text to the reader as a file. */
export function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The open run as a file, to be opened at a moment; at its end where none is given. */
export async function exportRun(session: Session, figure: string, at?: Instant): Promise<void> {
  const text = await session.exportRun(at ?? null);
  if (text !== null) download(runFileName(figure), text);
}
