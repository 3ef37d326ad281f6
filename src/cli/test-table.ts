/** What a step found. Skipped tests are kept by name, for none may go missing silently. */
export interface Outcome {
  passed: number;
  failed: number;
  skipped: readonly string[];
  /** Passed, but not at the first try: each is a fault to be looked for. */
  flaky?: readonly string[];
}

export interface StepResult extends Outcome {
  name: string;
  seconds: number;
}

export function printTable(results: readonly StepResult[]): void {
  const line = (...cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(9))).join('');
  console.log(`\n${line('step', 'passed', 'failed', 'skipped', 'seconds')}`);
  for (const { name, passed, failed, skipped, seconds } of results) {
    console.log(line(name, `${passed}`, `${failed}`, `${skipped.length}`, seconds.toFixed(1)));
  }
  for (const { name, skipped, flaky = [] } of results) {
    for (const test of skipped) console.log(`skipped in ${name}: ${test}`);
    for (const test of flaky) console.log(`passed in ${name} only when tried again: ${test}`);
  }
}

/** The line that continuous integration reads. */
export function closingLine(results: readonly Outcome[]): string {
  const sum = (count: (outcome: Outcome) => number) =>
    results.reduce((total, outcome) => total + count(outcome), 0);
  const skipped = sum((outcome) => outcome.skipped.length);
  const counts = `${sum((o) => o.passed)} passed, ${sum((o) => o.failed)} failed`;
  return skipped > 0 ? `${counts}, ${skipped} skipped` : counts;
}
