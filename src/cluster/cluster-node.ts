import { type Lsn, parseLsn, type TimelineId } from '../postgres/lsn.ts';
import type { SynchronousCommit } from '../postgres/sync-rep.ts';
import type { PlacedTransaction } from '../postgres/wal/scan.ts';
import type { PrepareRecord } from '../postgres/wal/transaction-records.ts';
import { type Instant, ms } from '../sim/instant.ts';
import { BACKUP_STOP } from './backup-stop.ts';
import { autoConf, type BootFiles, bootFiles, filesAsOf } from './boot-options.ts';
import { HotStandby, NO_CONFLICTS } from './hot-standby.ts';
import { type HiddenCommit, LiveBackend, type LiveHost } from './live-backend.ts';
import { NodeConfiguration } from './node-configuration.ts';
import type { NodeEnvironment } from './node-environment.ts';
import type { PrimaryHost, QueuedLock } from './primary-host.ts';
import type { WrittenTransaction } from './primary-wal.ts';
import { FIRST_SESSION_PID, type SessionActivity } from './server-state.ts';
import { openSession, type Session } from './session.ts';
import type {
  BackendWait,
  BaseBackup,
  BootOptions,
  Execution,
  Server,
  ServerState,
  Settings,
  WalSource,
} from './sql-engine.ts';
import type { NodeStanding, Standing } from './standing.ts';
import type { WalBranch } from './wal-branches.ts';
import type { WorkCost } from './work.ts';

/** No block is open on its backend, and no commit waits. */
const isQuiet = ({ resident, hidden, busy }: LiveBackend): boolean =>
  resident === null && hidden.size === 0 && busy.size === 0;

/** What a new data directory holds, in bytes. */
const LEAST_DATA = 8 * 2 ** 20;

/** From here on other sessions could notice that a commit is not durable yet. */
const SLOW_FSYNC = ms(10);

/** One machine of the cluster: its settings, its sessions, and the real servers that answer for it. */
export class ClusterNode implements PrimaryHost, LiveHost {
  readonly name: string;
  role: 'primary' | 'standby';
  readonly sessions = new Map<string, Session>();
  /** What it is and does while it is a standby. */
  readonly standby: HotStandby;
  /** Taking connections: up, and on a primary with its server booted. */
  accepting = true;
  startedAt: Instant;
  readonly configuration: NodeConfiguration;
  #live: LiveBackend | null = null;
  /** Files that no other node has: from these its servers are booted. A backup that rotted. */
  #ownBase: BaseBackup | null = null;
  #nextPid = FIRST_SESSION_PID;
  readonly #environment: NodeEnvironment;
  readonly #seed: number;

  constructor(
    name: string,
    role: 'primary' | 'standby',
    settings: Settings,
    seed: number,
    environment: NodeEnvironment,
  ) {
    this.name = name;
    this.role = role;
    this.configuration = new NodeConfiguration(settings);
    this.#seed = seed;
    this.#environment = environment;
    this.startedAt = environment.now();
    this.standby = new HotStandby({
      sessions: this.sessions,
      now: () => this.now(),
      stateFor: (session) => this.stateFor(session),
      othersThan: (session) => this.othersThan(session),
      heard: (session, execution) => this.heard(session, execution),
      workCost: environment.workCost,
      isPromoted: () => this.role === 'primary',
      restartpoint: () => environment.restartpoint(name),
      replayedTo: () => environment.replayedTo(name),
      transactions: () => environment.transactionsAt(name),
      locksAwaited: () => environment.locksAwaited(name),
      openReader: (replayedTo, locked) => this.#openReader(replayedTo, locked),
      transactionsChanged: (transactions) => environment.transactionsChanged(name, transactions),
    });
  }

  /** In force since the last start or reload. */
  get settings(): Settings {
    return this.configuration.inForce;
  }

  /** Lines of postgresql.conf that it had at the run's first instant. */
  get startSettings(): Settings {
    return this.configuration.atStart;
  }

  /** Commits that wait for standbys. */
  get hidden(): readonly HiddenCommit[] {
    return [...(this.#live?.hidden.values() ?? [])];
  }

  get #branch(): WalBranch {
    return this.#environment.branchOf(this.name);
  }

  get live(): LiveBackend {
    if (this.#live === null) throw new Error(`${this.name} has no live server`);
    return this.#live;
  }

  /** Boots the server that writes, by crash recovery from the WAL there is. */
  async boot(): Promise<void> {
    this.#serve(await this.#environment.engine.boot(this.#bootOptions(this.#branch.wal.store)));
    this.accepting = true;
  }

  /** Its standby has replayed its branch of WAL up to the end that it has now: it goes on as the primary of a new timeline. */
  async promote(timeline: TimelineId): Promise<void> {
    const { engine } = this.#environment;
    const { wal, bases } = this.#branch;
    const server = await engine.promote({ ...this.#bootOptions(wal.store), timeline });
    this.standby.closeShared();
    this.role = 'primary';
    this.#serve(server);
    bases.addOrigin(engine.keepBase(server));
    this.#ownBase = null;
  }

  /**
   * It has started anew, on the files of a backup: with these settings, and nothing of its own. Where the files are not as the
   * backup was taken, they are `ownBase`.
   */
  restored(settings: Settings, ownBase: BaseBackup | null): void {
    this.role = 'standby';
    this.configuration.replace(settings);
    this.#ownBase = ownBase;
    this.standby.closeShared();
  }

  /** Its files are a copy of another node's. */
  copied(): void {
    this.#ownBase = null;
  }

  #serve(server: Server): void {
    const { wal } = this.#branch;
    this.#live = new LiveBackend(server, this);
    wal.harvest(server);
    for (const record of wal.prepared()) this.#live.prepared.set(record.gid, record);
  }

  /** Its server writes the checkpoint that is due, if one is; with `patient`, only while nothing is under way. */
  checkpointIfDue(patient = true): void {
    const live = this.#live;
    if (live === null || !this.#environment.checkpointDue(this.name)) return;
    if (!patient || isQuiet(live)) live.checkpoint();
  }

  /**
   * Right after a checkpoint: keeps a base, so that servers booted later have less to replay. A base must hold no waiting
   * commit, which is prepared there and committed in WAL.
   */
  keepBase(): void {
    if (this.#live !== null && isQuiet(this.#live))
      this.#branch.bases.add(this.#environment.engine.keepBase(this.#live.server));
  }

  /** Segments of its pg_wal are gone. On a standby, whose servers are built when one asks, the views alone know it. */
  removeWalBefore(position: Lsn): void {
    this.#live?.server.removeWalBefore(position);
  }

  /** Makes the checkpoint that a base backup begins with, and tells how many bytes it copies. */
  prepareBackup(): number {
    if (this.#live === null) return LEAST_DATA;
    this.#live.runApart('checkpoint');
    const { results } = this.#live.runApart(
      'select sum(pg_catalog.pg_database_size(oid)) from pg_catalog.pg_database',
    );
    return Math.max(LEAST_DATA, Number(results[0]?.rows[0]?.[0] ?? 0));
  }

  /** Switches to a new segment, as pg_switch_wal() does. */
  switchWal(): void {
    if (this.#live === null) return;
    const { signals } = this.#live.runApart('select pg_switch_wal()');
    for (const signal of signals) this.#environment.signal(this.name, signal);
  }

  /** The session of a name, opened where there is none. */
  session(name: string): Session {
    const known = this.sessions.get(name);
    if (known) return known;
    const opened = openSession(this.name, name, this.#nextPid++, this.now());
    this.sessions.set(name, opened);
    return opened;
  }

  /** The connection is over, and its client knows. */
  close(session: Session): void {
    if (this.sessions.get(session.name) === session) this.sessions.delete(session.name);
    this.abandon(session);
  }

  /** Rolls a session's open block back. */
  abandon(session: Session): void {
    session.transaction?.seat?.seat.server.close();
    if (this.#live) this.#live.release(session);
    session.transaction = null;
    this.standby.hold(session, null);
    if (session.tie !== null) this.standby.closeShared();
    session.tie = null;
    this.locksReleased();
  }

  /** An operator writes primary_conninfo, for the running server and for its next start; null: it names nobody. */
  setUpstream(upstream: string | null): void {
    const conninfo = upstream === null ? '' : `host=${upstream} application_name=${this.name}`;
    this.configuration.write('primary_conninfo', conninfo);
  }

  /** An operator writes a line of its configuration, and has it read at once. */
  setParameter(name: string, value: string): void {
    this.configuration.write(name, value);
    this.#live?.server.reload(this.now(), autoConf(this.configuration.altered));
    this.standby.closeShared();
  }

  /** Takes no connections any more, and writes the checkpoint that a shutdown ends with. */
  prepareStop(): void {
    this.accepting = false;
    this.#live?.runApart('checkpoint');
  }

  /** SIGHUP. */
  reload(): void {
    this.configuration.read();
    this.#live?.server.reload(this.now());
    this.standby.closeShared();
  }

  /** Every process is gone, with every session. */
  stop(): void {
    this.accepting = false;
    for (const session of this.sessions.values()) {
      session.transaction?.seat?.seat.server.close();
      session.transaction = null;
      session.status = 'idle';
      session.tie = null;
      session.hold = null;
    }
    this.standby.conflicts = NO_CONFLICTS;
    this.#live?.server.close();
    this.#live = null;
    this.standby.closeShared();
    this.configuration.read();
  }

  now(): Instant {
    return this.#environment.now();
  }

  stateFor(session: Session | null): ServerState {
    return this.#environment.stateFor(this.name, session);
  }

  heard(session: Session, execution: Execution): void {
    session.stateChange = this.now();
    for (const signal of execution.signals) {
      if (signal.name === BACKUP_STOP) session.backupStop = parseLsn(String(signal.args[0]));
      this.#environment.signal(this.name, signal);
    }
  }

  archivedUpTo(end: Lsn): boolean {
    return this.#environment.archivedUpTo(this.name, end);
  }

  // A primary's statements

  harvest(server: Server): void {
    this.#branch.wal.harvest(server);
  }

  asShipped<T>(server: Server, work: () => T): T {
    return this.#branch.wal.asShipped(server, work);
  }

  othersThan(session: Session): readonly Session[] {
    return [...this.sessions.values()].filter(
      (other) => other !== session && (other.status === 'transaction' || other.tie !== null),
    );
  }

  commitsMayWait(): boolean {
    return this.standbysNamed() || this.#environment.fsyncTime(this.name) >= SLOW_FSYNC;
  }

  standbysNamed(): boolean {
    return this.#environment.standbysNamed(this.name);
  }

  takeWritten(): readonly WrittenTransaction[] {
    return this.#branch.wal.takeWritten();
  }

  hidePrepared(
    written: PlacedTransaction,
    session: Session,
    level: SynchronousCommit,
  ): HiddenCommit {
    return this.#branch.wal.hide(written, session.pid, level === 'remote_apply');
  }

  get workCost(): WorkCost | null {
    return this.#environment.workCost;
  }

  holdPrepared(written: PlacedTransaction<PrepareRecord>, session: Session): HiddenCommit {
    return this.#branch.wal.hold(written, session.pid);
  }

  leaveOut(written: PlacedTransaction, session: Session): HiddenCommit {
    const { lsn, endLsn, record } = written;
    return this.#branch.wal.withoutCommit(lsn, endLsn, record.xid, session.pid);
  }

  blank(written: PlacedTransaction): void {
    this.#branch.wal.blank(written);
    this.#environment.flushSoon(this.name, written.endLsn);
  }

  writeCommitPrepared(state: PrepareRecord, level: SynchronousCommit): HiddenCommit {
    const now = this.now();
    return this.#branch.wal.writeCommitPrepared(
      this.live.server,
      state,
      level === 'remote_apply',
      now,
    );
  }

  snapshot(): () => Promise<Server> {
    const { engine } = this.#environment;
    const { wal } = this.#branch;
    const options = this.#bootOptions(wal.beside(this.live.hidden.values()));
    return () => engine.materialize({ ...options, at: this.now(), role: 'primary' });
  }

  queueBefore(session: Session): readonly QueuedLock[] {
    return this.#environment.queueBefore(this.name, session);
  }

  async openBeside(): Promise<Server> {
    const { engine } = this.#environment;
    const { wal } = this.#branch;
    const hidden = wal.beside(this.live.hidden.values());
    const server = await engine.materialize({ ...this.#bootOptions(hidden), role: 'primary' });
    server.holdHorizon(this.heldHorizon());
    return server;
  }

  snapshotXmin(): number | null {
    return this.#branch.wal.transactions.xmin;
  }

  livesOn(xid: number): readonly number[] {
    return this.#branch.wal.livesOn(xid);
  }

  ended(xids: readonly number[]): void {
    this.#branch.wal.ended(xids);
  }

  heldHorizon(): number | null {
    const sessions = [...this.sessions.values()].flatMap(({ held }) => [held.xmin, held.xid]);
    const held = [this.#environment.reportedXmin(this.name), ...sessions].filter(
      (xmin) => xmin !== null,
    );
    return held.length === 0 ? null : Math.min(...held);
  }

  blockersOf(session: Session, wait: BackendWait): readonly number[] {
    if (wait.kind !== 'lock') return [];
    const hidden = [...this.live.hidden.values()].filter(({ pid }) => pid !== 0);
    const waitedFor = hidden.find(({ xid }) => xid === wait.xid);
    if (waitedFor) return [waitedFor.pid];
    // pg_blocking_pids() says 0 for a prepared transaction.
    if ([...this.live.prepared.values()].some(({ xid }) => xid === wait.xid)) return [0];
    const running = hidden.filter(({ runs }) => runs).map(({ pid }) => pid);
    if (running.length > 0) return running;
    const others = this.othersThan(session).map(({ pid }) => pid);
    return others.length > 0 ? others : hidden.map(({ pid }) => pid);
  }

  locksReleased(): void {
    this.#environment.retryLocks(this.name);
  }

  /** Readers' own servers on a standby. */
  #openReader(replayedTo: Lsn, locked: readonly number[]): Promise<Server> {
    const { engine } = this.#environment;
    const { wal } = this.#branch;
    const replayed = wal.store.cut(replayedTo);
    return engine.materialize({ ...this.#bootOptions(replayed), role: 'standby', locked });
  }

  // Questions that are no part of the run

  standing(activities: readonly SessionActivity[]): NodeStanding {
    const { accepting, startedAt, hidden, configuration } = this;
    const { conflicts } = this.standby;
    const own = { altered: configuration.altered, ownBase: this.#ownBase };
    return { accepting, startedAt, activities, hidden, conflicts, ...own };
  }

  /** A server as this node stood, to be read and thrown away. */
  openAsOf(standing: Standing, at: Instant): Promise<Server> {
    const { engine, branchOf } = this.#environment;
    const files = filesAsOf(this.name, standing, (index) => branchOf(this.name, index));
    return engine.materialize({ ...this.#bootWith(files), role: files.role, at });
  }

  #bootOptions(wal: WalSource): BootOptions {
    const base = this.#ownBase ?? this.#branch.bases.before(wal.end);
    return this.#bootWith(bootFiles(base, wal, this.configuration.altered));
  }

  #bootWith({ base, wal, alteredSettings }: BootFiles): BootOptions {
    const settings = this.configuration.file;
    return { base, wal, alteredSettings, settings, at: this.now(), seed: this.#seed };
  }
}
