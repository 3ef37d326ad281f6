import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_EVERY_MS = 250;

/** The most memory (PSS, in MB) that the renderers of our browsers held at once while a task ran. Linux only. */
export async function peakRendererMb(task: () => Promise<unknown>): Promise<number> {
  let peak = 0;
  const sample = () => {
    const held = rendererPids().reduce((sum, pid) => sum + pssMb(pid), 0);
    peak = Math.max(peak, held);
  };
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  try {
    await task();
  } finally {
    clearInterval(timer);
  }
  return peak;
}

/** The renderer processes among our own descendants. */
function rendererPids(): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  );
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || isOurs(parents.get(pid)));
  return [...parents.keys()].filter(
    (pid) => isOurs(pid) && readProc(pid, 'cmdline').includes('--type=renderer'),
  );
}

function parentOf(pid: number): number | undefined {
  // The name before it, in parentheses, may hold anything.
  const parent = /.*\) \S (\d+) /s.exec(readProc(pid, 'stat'))?.[1];
  return parent === undefined ? undefined : Number(parent);
}

const pssMb = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB/m.exec(readProc(pid, 'smaps_rollup'))?.[1] ?? 0) / 1_000;

/** Empty where the process has ended meanwhile. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
