import type { PlayAction } from '../../ha/play/play.ts';

/** What a button says that does this. */
export function deedWords(action: PlayAction): string {
  switch (action.kind) {
    case 'powerOff':
      return `Switch off ${action.node}`;
    case 'powerOn':
      return `Switch on ${action.node}`;
    case 'killPostgres':
      return `Kill PostgreSQL on ${action.node}`;
    case 'freezePatroni':
      return `Freeze Patroni on ${action.node}`;
    case 'thawPatroni':
      return `Thaw Patroni on ${action.node}`;
    case 'killPatroni':
      return `Kill Patroni on ${action.node}`;
    case 'startPatroni':
      return `Start Patroni on ${action.node}`;
    case 'freezeWalreceiver':
      return `Freeze the walreceiver of ${action.node}`;
    case 'thawWalreceiver':
      return `Thaw the walreceiver of ${action.node}`;
    case 'isolate':
      return `Cut ${action.node} off from everybody`;
    case 'rejoin':
      return `Heal all cables of ${action.node}`;
    case 'cutFromDcs':
      return `Cut ${action.node} off from the DCS`;
    case 'healToDcs':
      return `Heal ${action.node} to the DCS`;
    case 'stopDcs':
      return `Stop ${action.member}`;
    case 'startDcs':
      return `Start ${action.member}`;
    case 'freezeDcs':
      return `Freeze ${action.member}`;
    case 'thawDcs':
      return `Thaw ${action.member}`;
    case 'breakWatchdog':
      return `Take the watchdog device of ${action.node} away`;
    case 'mendWatchdog':
      return `Give ${action.node} its watchdog device back`;
    case 'write':
      return `Write ${Math.round(action.bytes / 1_000_000)} MB`;
    case 'pause':
      return 'patronictl pause';
    case 'resume':
      return 'patronictl resume';
    case 'switchover':
      return `patronictl switchover --leader ${action.leader}${action.candidate === null ? '' : ` --candidate ${action.candidate}`}`;
    case 'failover':
      return `patronictl failover --candidate ${action.candidate}`;
    case 'reinit':
      return `patronictl reinit ${action.node}`;
    case 'editConfig':
      return 'patronictl edit-config';
    case 'cutLink':
      return `Cut ${action.a} – ${action.b}`;
    case 'healLink':
      return `Heal ${action.a} – ${action.b}`;
  }
}
