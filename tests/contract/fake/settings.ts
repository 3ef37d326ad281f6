import { readConf } from '../../../src/cluster/conf-text.ts';
import type { Settings } from '../../../src/cluster/sql-engine.ts';
import { Refused } from './refused.ts';

/** What the fake has settings for: those that the cluster reads or its clients set. */
const DEFAULTS: Settings = {
  application_name: '',
  lock_timeout: '0',
  statement_timeout: '0',
  synchronous_commit: 'on',
  synchronous_standby_names: '',
  transaction_isolation: 'read committed',
  work_mem: '4MB',
};

/** The settings of a server with one backend. */
export class FakeSettings {
  readonly #file: Settings;
  /** What ALTER SYSTEM has written, and what of it is in force. */
  #written: Settings;
  #inForce: Settings;
  #session: Settings = {};
  #local: Settings = {};
  #before: Settings = {};

  constructor(file: Settings, altered: string) {
    this.#file = file;
    this.#written = readConf(altered);
    this.#inForce = this.#written;
  }

  get(name: string): string | null {
    const layers = [this.#local, this.#session, this.#inForce, this.#file, DEFAULTS];
    return layers.find((layer) => layer[name] !== undefined)?.[name] ?? null;
  }

  show(name: string): string {
    const value = this.get(name);
    if (value === null) throw unknown(name);
    return value;
  }

  /** SET, and with null RESET. */
  set(name: string, value: string | null, isLocal: boolean): void {
    if (this.get(name) === null) throw unknown(name);
    if (isLocal) this.#local = changed(this.#local, name, value);
    else {
      this.#session = changed(this.#session, name, value);
      this.#local = changed(this.#local, name, null);
    }
  }

  resetAll(): void {
    this.#session = {};
    this.#local = {};
  }

  begin(): void {
    this.#before = this.#session;
  }

  /** A transaction ends: what was local to it is over, what it has set stays if it commits. */
  end(commits: boolean): void {
    this.#local = {};
    if (!commits) this.#session = this.#before;
  }

  alter(name: string | null, value: string | null): void {
    if (name !== null && this.get(name) === null) throw unknown(name);
    this.#written = name === null ? {} : changed(this.#written, name, value);
  }

  reload(): void {
    this.#inForce = this.#written;
  }

  /** postgresql.auto.conf. */
  alteredText(): string {
    return Object.entries(this.#written)
      .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
      .join('');
  }
}

const unknown = (name: string): Refused =>
  new Refused('42704', `unrecognized configuration parameter "${name}"`);

const changed = (settings: Settings, name: string, value: string | null): Settings => {
  const { [name]: _, ...others } = settings;
  return value === null ? others : { ...others, [name]: value };
};
