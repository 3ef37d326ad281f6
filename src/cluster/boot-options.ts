import type { TimelineId } from '../postgres/lsn.ts';
import { recoveryView } from '../postgres/replication-view.ts';
import type { BaseBackup, BootOptions, Settings, WalSource } from './sql-engine.ts';
import type { Standing } from './standing.ts';
import type { WalBranch } from './wal-branches.ts';

/** A base and the WAL that is replayed on it, as a server is booted from them. */
export type BootFiles = Required<Pick<BootOptions, 'base' | 'wal' | 'alteredSettings'>>;

export const bootFiles = (base: BaseBackup, wal: WalSource, altered: Settings): BootFiles => ({
  base,
  wal: onTimeline(wal, base.timeline),
  alteredSettings: autoConf(altered),
});

/** The files of a node as it stood: a primary's with its waiting commits, a standby's up to where it had replayed. */
export function filesAsOf(
  name: string,
  standing: Standing,
  branchAt: (index: number) => WalBranch,
): BootFiles & { readonly role: 'primary' | 'standby' } {
  const { altered = {}, hidden = [], ownBase = null } = standing.nodes[name] ?? {};
  const { upstream = null, branch = 0 } = standing.replication.nodes[name] ?? {};
  const { wal, bases } = branchAt(branch);
  const mark = standing.branches[branch];
  if (mark === undefined) throw new RangeError(`no branch ${branch} of WAL stood then`);
  const end = recoveryView(standing.replication, name).replayLsn;
  const role = upstream === null ? 'primary' : 'standby';
  const then =
    role === 'primary' ? wal.asOf(mark.wal, hidden) : wal.asOf({ cuts: mark.wal.cuts, end }, []);
  return { ...bootFiles(ownBase ?? bases.before(then.end, mark.bases), then, altered), role };
}

/** A base of an earlier timeline is one for positions before the next: what is replayed then are segments of that one. */
const onTimeline = (wal: WalSource, timeline: TimelineId): WalSource =>
  wal.timeline === timeline
    ? wal
    : { timeline, start: wal.start, end: wal.end, read: (from, to) => wal.read(from, to) };

/** The text of postgresql.auto.conf. */
export const autoConf = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
