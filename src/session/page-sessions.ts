import { askToKeep, keepsakes } from './keep/page-keep.ts';
import { Session, type SessionHost } from './session.ts';

const pageTabs = async () => (await import('./keep/page-tabs.ts')).tabs;

const host: SessionHost = {
  opened: async (snapshot, watcher) =>
    (await import('./page-opened.ts')).pageOpened(snapshot, watcher),
  parseRunFile: async (text) => (await import('./run-file-schema.ts')).parseRunFile(text),
  keepsakes,
  tabs: {
    claim: async (figure, onYield) => (await pageTabs()).claim(figure, onYield),
    takeOver: async (figure, onYield) => (await pageTabs()).takeOver(figure, onYield),
  },
  askToKeep,
  nowMs: () => performance.now(),
};

const sessions = new Map<string, Session>();

/** The run of a figure. All islands of a page that name the same figure share it. */
export function sessionOf(figure: string): Session {
  const known = sessions.get(figure);
  if (known) return known;
  const session = new Session(figure, host);
  sessions.set(figure, session);
  return session;
}

/** Ends a run that no island of the page shows any more. */
export function endSession(figure: string): void {
  sessions.get(figure)?.end();
  sessions.delete(figure);
}
