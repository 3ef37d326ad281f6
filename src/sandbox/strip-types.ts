import { transform } from 'sucrase';
import { SandboxError } from './sandbox-error.ts';

/** Sucrase says where in its own words: `Error transforming x: Unexpected token (3:5)`. */
const WHERE = /^(?:Error transforming [^:]*: )?(.*?)(?: \((\d+):\d+\))?$/s;

/**
 * TypeScript without its types. Types are taken out and not checked; every line stays where it is.
 * @throws {SandboxError} where the text is no TypeScript.
 */
export function stripTypes(source: string): string {
  try {
    return transform(source, { transforms: ['typescript'], disableESTransforms: true }).code;
  } catch (error) {
    const [, words, line] = WHERE.exec((error as Error).message) ?? [];
    const at = line === undefined ? null : Number(line);
    throw new SandboxError('syntax', at, `${words}. This is no TypeScript yet`);
  }
}
