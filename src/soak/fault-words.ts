import type { PlayAction } from '../ha/play/play.ts';

/** What befell whom, as a sentence tells it, such as “node1 loses its power”. */
export function faultInWords(action: PlayAction): string {
  switch (action.kind) {
    case 'powerOff':
      return `${action.node} loses its power`;
    case 'powerOn':
      return `${action.node} has power again`;
    case 'killPostgres':
      return `PostgreSQL on ${action.node} is killed`;
    case 'freezePatroni':
      return `Patroni on ${action.node} stands still`;
    case 'thawPatroni':
      return `Patroni on ${action.node} goes on`;
    case 'killPatroni':
      return `Patroni on ${action.node} is killed`;
    case 'startPatroni':
      return `Patroni on ${action.node} is started again`;
    case 'freezeWalreceiver':
      return `the walreceiver of ${action.node} stands still`;
    case 'thawWalreceiver':
      return `the walreceiver of ${action.node} goes on`;
    case 'isolate':
      return `${action.node} is cut off from everybody`;
    case 'rejoin':
      return `${action.node} reaches everybody again`;
    case 'cutFromDcs':
      return `${action.node} is cut off from the DCS`;
    case 'healToDcs':
      return `${action.node} reaches the DCS again`;
    case 'stopDcs':
      return `${action.member} stops`;
    case 'startDcs':
      return `${action.member} is started again`;
    case 'freezeDcs':
      return `${action.member} stands still`;
    case 'thawDcs':
      return `${action.member} goes on`;
    case 'breakWatchdog':
      return `${action.node} loses its watchdog device`;
    case 'mendWatchdog':
      return `${action.node} has its watchdog device again`;
    case 'write':
      return `every primary writes ${Math.round(action.bytes / 1_000_000)} MB`;
    case 'pause':
      return 'maintenance mode begins';
    case 'resume':
      return 'maintenance mode ends';
    case 'switchover':
      return `a switchover from ${action.leader}${action.candidate === null ? '' : ` to ${action.candidate}`} is ordered`;
    case 'failover':
      return `a failover to ${action.candidate} is ordered`;
    case 'reinit':
      return `${action.node} is made anew`;
    case 'editConfig':
      return 'the dynamic configuration is changed';
    case 'cutLink':
      return `nothing passes between ${action.a} and ${action.b}`;
    case 'healLink':
      return `${action.a} and ${action.b} reach each other again`;
  }
}

/** An instant of a schedule, with the digits that it is drawn in: `61.2 s`. */
export const secondOf = (at: number): string => `${(at / 1e6).toFixed(1)} s`;
