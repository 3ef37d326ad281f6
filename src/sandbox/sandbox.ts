import variant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import { SandboxError } from './sandbox-error.ts';
import { stripTypes } from './strip-types.ts';

/** QuickJS asks so often, by its own count of branches and calls, whether to go on: the same on every machine. */
const TICKS = 30;
const MEMORY_BYTES = 4 * 2 ** 20;
const STACK_BYTES = 128 * 2 ** 10;
const FILE = 'yours.ts';

/** The language, without what would tell one run from another (no Date) or reach outside (there is nothing to reach). */
const LANGUAGE = {
  BaseObjects: true,
  Eval: true,
  JSON: true,
  MapSet: true,
  Promise: true,
  RegExp: true,
  RegExpCompiler: true,
  StringNormalize: true,
  BigInt: true,
} as const;

let loading: Promise<QuickJSWASMModule> | null = null;

/** Loads the interpreter once; a failure is forgotten, so that it can be tried again. */
export function loadSandbox(): Promise<QuickJSWASMModule> {
  loading ??= newQuickJSWASMModuleFromVariant(variant);
  loading.catch(() => {
    loading = null;
  });
  return loading;
}

/** A learner's function, compiled, in an interpreter of its own. It keeps what it has in its variables from call to call. */
export interface SandboxedFunction {
  /**
   * Calls it with plain data and gives back plain data.
   * @throws {SandboxError} where it throws, does not end, or wants too much memory.
   */
  call(...args: readonly unknown[]): unknown;
  /** Frees its memory. It cannot be called any more. */
  dispose(): void;
}

/**
 * Compiles TypeScript and takes the function that it exports under a name. `loadSandbox` gives the interpreter.
 * @throws {SandboxError}
 */
export function compileFunction(
  quickJs: QuickJSWASMModule,
  source: string,
  name: string,
): SandboxedFunction {
  const code = stripTypes(source);
  const runtime = quickJs.newRuntime({
    memoryLimitBytes: MEMORY_BYTES,
    maxStackSizeBytes: STACK_BYTES,
  });
  let ticks = 0;
  runtime.setInterruptHandler(() => ++ticks > TICKS);
  const context = runtime.newContext({ intrinsics: LANGUAGE });
  const dispose = () => {
    context.dispose();
    runtime.dispose();
  };
  try {
    // Chance would make two runs of one seed different.
    take(context, context.evalCode('delete Math.random')).dispose();
    const module = take(context, context.evalCode(code, FILE, { type: 'module' }));
    const exported = context.getProp(module, name);
    module.dispose();
    if (context.typeof(exported) !== 'function') {
      exported.dispose();
      throw new SandboxError('no function', null, `there is no "export function ${name}"`);
    }
    return {
      call(...args) {
        ticks = 0;
        const handles = args.map((arg) =>
          take(context, context.evalCode(`(${JSON.stringify(arg)})`)),
        );
        try {
          const result = take(
            context,
            context.callFunction(exported, context.undefined, ...handles),
          );
          const value: unknown = context.dump(result);
          result.dispose();
          return value;
        } finally {
          for (const handle of handles) handle.dispose();
        }
      },
      dispose() {
        exported.dispose();
        dispose();
      },
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

type Outcome = ReturnType<QuickJSContext['evalCode']>;

function take(context: QuickJSContext, outcome: Outcome): QuickJSHandle {
  if (!outcome.error) return outcome.value;
  const thrown: unknown = context.dump(outcome.error);
  outcome.error.dispose();
  throw inWords(thrown);
}

const LINE = new RegExp(`${FILE}:(\\d+)`);

function inWords(thrown: unknown): SandboxError {
  if (typeof thrown !== 'object' || thrown === null)
    return new SandboxError('threw', null, `it threw ${JSON.stringify(thrown)}`);
  const { name = 'Error', message = '', stack = '' } = thrown as Record<string, string>;
  const found = LINE.exec(stack)?.[1];
  const line = found === undefined ? null : Number(found);
  if (message === 'interrupted')
    return new SandboxError('too long', line, 'it does not come to an end: a loop without one?');
  if (message === 'out of memory' || message === 'string too long')
    return new SandboxError('too much memory', line, 'it wants more than 4 MB of memory');
  if (/stack overflow/i.test(message))
    return new SandboxError('too long', line, 'it calls itself without an end');
  return new SandboxError(name === 'SyntaxError' ? 'syntax' : 'threw', line, `${name}: ${message}`);
}
