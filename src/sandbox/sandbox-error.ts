/** Why a learner's function gives no value. */
export type SandboxFault = 'syntax' | 'threw' | 'too long' | 'too much memory' | 'no function';

/** Something is wrong with a learner's code: what, in which line, in words that she can use. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  readonly fault: SandboxFault;
  /** Of her text, from 1; null where no line is to blame. */
  readonly line: number | null;

  constructor(fault: SandboxFault, line: number | null, words: string) {
    // Where in a loop it was stopped is chance: the function or loop begins at this line.
    const where = fault === 'too long' ? `from line ${line} on` : `line ${line}`;
    super(line === null ? words : `${where}: ${words}`);
    this.fault = fault;
    this.line = line;
  }
}
