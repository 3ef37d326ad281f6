/**
 * How synchronous_standby_names and /sync change in quorum mode, one after the other, so that those who can acknowledge a commit
 * and those who can elect a leader always have a node in common: QuorumStateResolver of patroni/quorum.py.
 */

export interface QuorumInput {
  readonly leader: string;
  /** Of /sync. */
  readonly quorum: number;
  readonly voters: readonly string[];
  /** Of synchronous_standby_names. */
  readonly numSync: number;
  readonly sync: readonly string[];
  readonly numSyncConfirmed: number;
  readonly active: readonly string[];
  readonly syncWanted: number;
  readonly leaderWanted: string;
}

/** `quorum`: /sync is to be written; `sync`: the names are to be set; `restart`: look again at who is synchronous. */
export interface Transition {
  readonly kind: 'quorum' | 'sync' | 'restart';
  readonly leader: string;
  readonly count: number;
  readonly nodes: readonly string[];
}

/** The steps from what is to what is wanted. Two of one kind in a row are one. */
export function resolveQuorum(input: QuorumInput): readonly Transition[] {
  const all = [...new Resolver(input).transitions()];
  const merged = all.filter(({ kind }, index) => all[index + 1]?.kind !== kind);
  const restart = merged.findIndex(({ kind }) => kind === 'restart');
  return restart === -1 ? merged : merged.slice(0, restart + 1);
}

class QuorumError extends Error {
  override readonly name = 'QuorumError';
}

type Names = ReadonlySet<string>;
type Steps = Generator<Transition, void, void>;

const isSubset = (one: Names, other: Names) => [...one].every((name) => other.has(name));
const isProperSubset = (one: Names, other: Names) => one.size < other.size && isSubset(one, other);
const union = (one: Names, other: Names): Names => new Set([...one, ...other]);
const minus = (one: Names, other: Names): Names =>
  new Set([...one].filter((name) => !other.has(name)));
const common = (one: Names, other: Names): Names =>
  new Set([...one].filter((name) => other.has(name)));
const sorted = (names: Names): readonly string[] => [...names].sort();
const same = (one: Names, other: Names) => one.size === other.size && isSubset(one, other);
const NOBODY: Names = new Set();

class Resolver {
  readonly #active: Names;
  readonly #syncWanted: number;
  readonly #leaderWanted: string;
  #leader: string;
  #quorum: number;
  #voters: Names;
  #numSync: number;
  #sync: Names;
  #confirmed: number;

  constructor(input: QuorumInput) {
    this.#leader = input.leader;
    this.#quorum = input.quorum;
    this.#voters = new Set(input.voters);
    this.#numSync = Math.min(input.numSync, input.sync.length);
    this.#sync = new Set(input.sync);
    this.#confirmed = input.numSyncConfirmed;
    this.#active = new Set(input.active);
    this.#syncWanted = input.syncWanted;
    this.#leaderWanted = input.leaderWanted;
  }

  *transitions(): Steps {
    try {
      if (this.#leaderWanted !== this.#leader) {
        const others = minus(this.#voters, new Set([this.#leaderWanted]));
        const voters = union(others, new Set([this.#leader]));
        if (this.#sync.size === 0) yield* this.#setSync(voters.size - this.#quorum, voters);
        yield* this.#setQuorum(this.#quorum, voters, { leader: this.#leaderWanted });
        // Right after a promotion nobody may have connected yet: they get another loop_wait.
        if (common(this.#sync, this.#active).size === 0) return;
      } else this.#check();
    } catch (error) {
      if (!(error instanceof QuorumError)) throw error;
      yield* this.#setQuorum(this.#sync.size - this.#numSync, this.#sync);
    }
    const alive = common(this.#sync, this.#active).size;
    if (this.#confirmed === 0 && alive > 0)
      this.#confirmed = Math.min(alive, this.#voters.size - this.#quorum);
    yield* this.#settle();
    yield* this.#removeGone();
    yield* this.#addNew();
    yield* this.#changeFactor();
  }

  /** Those who acknowledge and those who elect must overlap. */
  #check(): void {
    const voters = union(this.#voters, new Set([this.#leader]));
    const sync = union(this.#sync, new Set([this.#leaderWanted]));
    if (this.#voters.size > 0 && union(voters, sync).size > this.#quorum + this.#numSync + 1)
      throw new QuorumError('quorum and sync are not guaranteed to overlap');
    if (!isSubset(voters, sync) && !isSubset(sync, voters))
      throw new QuorumError('mismatched sets');
  }

  *#setQuorum(
    quorum: number,
    voters: Names,
    { leader, adjust = true }: { leader?: string; adjust?: boolean } = {},
  ): Steps {
    if (quorum < 0 || (quorum > 0 && quorum >= voters.size))
      throw new QuorumError(`quorum ${quorum} of ${sorted(voters)}`);
    const before = this.#leader;
    let count = quorum;
    let nodes = voters;
    if (leader !== undefined) this.#leader = leader;
    else if (this.#confirmed === 0 && this.#voters.size === 0) {
      count = 0;
      nodes = NOBODY;
    } else if (adjust) count += Math.max(this.#numSync - this.#confirmed, 0);
    if (this.#leader === before && count === this.#quorum && same(nodes, this.#voters)) {
      if (this.#voters.size > 0) return;
      yield this.#transition('restart', this.#quorum, this.#voters);
    }
    this.#quorum = count;
    this.#voters = nodes;
    this.#check();
    yield this.#transition('quorum', count, nodes);
  }

  *#setSync(numSync: number, sync: Names): Steps {
    if (numSync < 0 || numSync > sync.size)
      throw new QuorumError(`sync ${numSync} of ${sorted(sync)}`);
    this.#numSync = numSync;
    this.#sync = sync;
    this.#check();
    yield this.#transition('sync', numSync, sync);
  }

  #transition(kind: Transition['kind'], count: number, nodes: Names): Transition {
    return { kind, leader: this.#leader, count, nodes: sorted(nodes) };
  }

  /** An earlier change was left in the middle: it is brought to its end. */
  *#settle(): Steps {
    if (isProperSubset(this.#sync, this.#voters)) {
      const gone = minus(this.#voters, union(this.#sync, this.#active));
      if (gone.size > 0)
        yield* this.#setQuorum(
          this.#voters.size - gone.size - this.#numSync,
          minus(this.#voters, gone),
          { adjust: minus(this.#sync, this.#active).size === 0 },
        );
      const fresh = minus(common(this.#voters, this.#active), this.#sync);
      if (fresh.size > 0) yield* this.#setSync(this.#numSync, union(this.#sync, fresh));
    } else if (isProperSubset(this.#voters, this.#sync)) {
      const dead = minus(this.#sync, this.#active);
      const alive = minus(this.#sync, dead);
      if (
        dead.size > 0 &&
        alive.size > 0 &&
        (this.#voters.size === 0 || common(alive, this.#voters).size > 0)
      )
        yield* this.#setSync(Math.min(this.#numSync, this.#sync.size - dead.size), alive);
      const fresh = common(minus(this.#sync, this.#voters), this.#active);
      if (fresh.size > 0) {
        const voters = union(this.#voters, fresh);
        yield* this.#setQuorum(voters.size - this.#numSync, voters);
      }
      const rest = minus(this.#sync, this.#voters);
      if (rest.size > 0)
        yield* this.#setSync(
          Math.min(this.#numSync, this.#sync.size - rest.size),
          minus(this.#sync, rest),
        );
    }
    const all = union(this.#voters, this.#sync).size;
    if (this.#quorum + Math.min(this.#numSync, this.#confirmed) > all) {
      if (this.#numSync > this.#syncWanted)
        yield* this.#setSync(
          Math.max(this.#syncWanted, this.#voters.size - this.#quorum),
          this.#sync,
        );
      else yield* this.#setQuorum(this.#sync.size - this.#numSync, this.#voters);
    } else if (
      this.#numSync === this.#syncWanted &&
      this.#quorum + this.#numSync > all &&
      this.#numSync > this.#confirmed
    )
      yield* this.#setQuorum(this.#sync.size - this.#numSync, this.#voters);
  }

  *#removeGone(): Steps {
    let gone = minus(this.#sync, this.#active);
    if (gone.size === 0) return;
    if (same(gone, this.#sync)) {
      yield* this.#setQuorum(0, NOBODY, { adjust: false });
      yield* this.#setSync(0, NOBODY);
      return;
    }
    if (this.#quorum > 0) {
      const remove: Names = new Set([...sorted(gone)].reverse().slice(0, this.#quorum));
      const sync = minus(this.#sync, remove);
      const numSync = Math.min(Math.max(this.#syncWanted, this.#numSync), sync.size);
      yield* this.#setSync(numSync, sync);
      const voters = minus(this.#voters, remove);
      gone = common(gone, this.#sync);
      yield* this.#setQuorum(voters.size - this.#numSync, voters, { adjust: gone.size === 0 });
    }
    if (gone.size === 0) return;
    const numSync = this.#numSync - gone.size;
    const sync = minus(this.#sync, gone);
    const voters = minus(this.#voters, gone);
    const decrease = numSync - Math.min(this.#syncWanted, sync.size);
    const quorum = decrease === 0 ? 0 : Math.min(decrease, voters.size - 1);
    yield* this.#setQuorum(quorum, voters, { adjust: false });
    yield* this.#setSync(numSync, sync);
  }

  *#addNew(): Steps {
    let fresh = minus(this.#active, this.#sync);
    if (fresh.size === 0) return;
    const wanted = Math.min(this.#syncWanted, union(this.#sync, fresh).size);
    const more = wanted - this.#numSync;
    if (more > 0) {
      const add: Names = this.#sync.size > 0 ? new Set(sorted(fresh).slice(0, more)) : fresh;
      const step = this.#sync.size > 0 ? add.size : more;
      yield* this.#setSync(this.#numSync + step, union(this.#sync, add));
      const voters = union(this.#voters, add);
      yield* this.#setQuorum(voters.size - wanted, voters);
      fresh = minus(fresh, this.#sync);
    }
    if (fresh.size === 0) return;
    const voters = union(this.#voters, fresh);
    yield* this.#setQuorum(voters.size - wanted, voters, { adjust: wanted > this.#confirmed });
    yield* this.#setSync(wanted, union(this.#sync, fresh));
  }

  *#changeFactor(): Steps {
    const more = Math.min(this.#syncWanted, this.#sync.size) - this.#numSync;
    if (more > 0) {
      yield* this.#setSync(this.#numSync + more, this.#sync);
      yield* this.#setQuorum(this.#voters.size - this.#numSync, this.#voters);
    } else if (more < 0) {
      if (this.#quorum - more < this.#voters.size)
        yield* this.#setQuorum(this.#voters.size - this.#numSync - more, this.#voters, {
          adjust: this.#syncWanted > this.#confirmed,
        });
      yield* this.#setSync(this.#numSync + more, this.#sync);
    }
  }
}
