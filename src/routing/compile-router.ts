import { compileFunction, loadSandbox } from '../sandbox/sandbox.ts';
import { isTable, readTable, tableAsCode } from './decision-table.ts';
import type { RouterGuest, RouterNode, RoutingDecision } from './router.ts';
import { understood } from './router.ts';

/** The name under which a learner exports her router. */
export const ROUTE = 'route';

/** A learner's router, ready to be asked. */
export interface Router {
  /** @throws {SandboxError} where it gives no decision. */
  decide(guest: RouterGuest, nodes: readonly RouterNode[]): RoutingDecision | { refused: string };
  dispose(): void;
}

/**
 * Compiles a router from code or from a decision table.
 * @throws {SandboxError} where the code is none; {RangeError} where the table is none.
 */
export async function compileRouter(text: string): Promise<Router> {
  const source = isTable(text) ? tableAsCode(readTable(text)) : text;
  const route = compileFunction(await loadSandbox(), source, ROUTE);
  return {
    decide: (guest, nodes) => understood(route.call(guest, nodes), nodes),
    dispose: () => route.dispose(),
  };
}
