import type { Action } from '../../cluster/action.ts';
import type { PlayAction } from '../../ha/play/play.ts';

/** A deed of the cards as an action of a run; null where a run knows none of this kind. */
export function actionOf(deed: PlayAction): Action | null {
  switch (deed.kind) {
    case 'killPostgres':
      return { kind: 'kill', node: deed.node };
    case 'freezeWalreceiver':
    case 'thawWalreceiver':
      return {
        kind: deed.kind === 'freezeWalreceiver' ? 'freeze' : 'thaw',
        node: deed.node,
        process: 'walreceiver',
      };
    case 'write':
    case 'cutLink':
    case 'healLink':
    case 'editConfig':
      return null;
    default:
      return deed;
  }
}
