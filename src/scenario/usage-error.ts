/** A scenario that cannot be run as it is written: the message names the line, what is wrong and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly line: number | null;

  constructor(line: number | null, message: string) {
    super(line === null ? message : `line ${line}: ${message}`);
    this.line = line;
  }
}
