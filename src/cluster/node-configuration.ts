import type { Settings } from './sql-engine.ts';
import type { ParsedStatement } from './sql-text.ts';

/** A node's settings: its postgresql.conf, and postgresql.auto.conf, whose lines wait for a reload. */
export class NodeConfiguration {
  /** Lines of postgresql.conf that it had at the run's first instant. */
  readonly atStart: Settings;
  /** Lines of postgresql.conf. */
  #file: Settings;
  /** ALTER SYSTEM's changes: those in force, and those that wait for a reload. */
  #altered: Settings = {};
  #pending: Settings = {};

  constructor(settings: Settings) {
    this.atStart = settings;
    this.#file = settings;
  }

  get file(): Settings {
    return this.#file;
  }

  get altered(): Settings {
    return this.#altered;
  }

  /** In force since the last start or reload. */
  get inForce(): Settings {
    return { ...this.#file, ...this.#altered };
  }

  /** ALTER SYSTEM: written to the file, in force after a reload. */
  alterSystem({ altersSystem }: ParsedStatement): void {
    if (altersSystem === null) return;
    const { name, value } = altersSystem;
    if (name === null) this.#pending = {};
    else if (value === null)
      this.#pending = Object.fromEntries(
        Object.entries(this.#pending).filter(([key]) => key !== name),
      );
    else this.#pending = { ...this.#pending, [name]: value };
  }

  /** An operator writes a line, and has it read at once. */
  write(name: string, value: string): void {
    this.#pending = { ...this.#pending, [name]: value };
    this.#altered = { ...this.#altered, [name]: value };
  }

  /** A reload, or a start. */
  read(): void {
    this.#altered = this.#pending;
  }

  /** Other files than before, with these lines. */
  replace(settings: Settings): void {
    // A target is of no account once recovery is over, and this model's servers begin after it.
    this.#file = Object.fromEntries(
      Object.entries(settings).filter(([name]) => !name.startsWith('recovery_target')),
    );
    this.#altered = {};
    this.#pending = {};
  }
}
