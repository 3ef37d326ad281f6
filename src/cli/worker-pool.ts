import { type ChildProcess, fork } from 'node:child_process';

interface Job<Task, Result> {
  readonly task: Task;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** What a worker answers to one task. */
export type WorkerAnswer<Result> = { readonly result: Result } | { readonly error: string };

/**
 * Processes that do tasks, one each at a time. A process and not a thread: only its end gives back what a PostgreSQL in
 * WebAssembly took. One that dies or takes too long fails its own task alone; another takes its place.
 */
export class WorkerPool<Task, Result> {
  readonly #file: string;
  readonly #limitMs: number;
  readonly #waiting: Job<Task, Result>[] = [];
  readonly #idle: ChildProcess[] = [];
  readonly #all = new Set<ChildProcess>();
  readonly #size: number;

  constructor(file: string, size: number, limitMs: number) {
    this.#file = file;
    this.#size = size;
    this.#limitMs = limitMs;
  }

  run(task: Task): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      this.#next();
    });
  }

  close(): void {
    for (const worker of this.#all) worker.kill('SIGKILL');
    this.#all.clear();
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    const worker = this.#idle.pop() ?? (this.#all.size < this.#size ? this.#start() : null);
    const job = worker && this.#waiting.shift();
    if (worker && job) this.#give(worker, job);
  }

  #start(): ChildProcess {
    const worker = fork(this.#file, { execArgv: ['--disable-warning=ExperimentalWarning'] });
    this.#all.add(worker);
    worker.once('exit', () => {
      this.#all.delete(worker);
      const place = this.#idle.indexOf(worker);
      if (place >= 0) this.#idle.splice(place, 1);
    });
    return worker;
  }

  #give(worker: ChildProcess, { task, resolve, reject }: Job<Task, Result>): void {
    const done = () => {
      clearTimeout(timer);
      worker.removeAllListeners('message').off('exit', died);
    };
    const died = (code: number | null, signal: string | null) => {
      done();
      reject(new Error(`its process ended (${signal ?? `status ${code}`})`));
      this.#next();
    };
    const timer = setTimeout(() => {
      done();
      this.#all.delete(worker);
      worker.kill('SIGKILL');
      reject(new Error(`it took longer than ${this.#limitMs / 1000} s`));
      this.#next();
    }, this.#limitMs);
    worker.once('exit', died);
    worker.once('message', (answer: WorkerAnswer<Result>) => {
      done();
      if ('result' in answer) resolve(answer.result);
      else reject(new Error(answer.error));
      this.#idle.push(worker);
      this.#next();
    });
    worker.send(task as object);
  }
}
