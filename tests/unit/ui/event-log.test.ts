import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/cluster/cluster-view.ts';
import { START } from '../../../src/sim/instant.ts';
import { groupOf, passes } from '../../../src/ui/panels/event-groups.ts';

const event = (kind: string, node: string | null, facts: TraceEvent['facts'] = {}): TraceEvent => ({
  at: START,
  kind,
  node,
  words: '',
  facts,
});

describe('the filter of the log', () => {
  test('gathers kinds of events', () => {
    expect(groupOf(event('cut', null))).toBe('yours');
    expect(groupOf(event('commitWaits', 'primary'))).toBe('statements');
    expect(groupOf(event('walSent', 'primary'))).toBe('messages');
    expect(groupOf(event('walReplayed', 'standby1'))).toBe('disks');
    expect(groupOf(event('caughtUp', 'primary'))).toBe('cluster');
  });

  test('a message concerns both its ends, and a cable too', () => {
    const sent = event('walSent', 'primary', { from: 'primary', to: 'standby1' });
    const cut = event('cut', null, { a: 'primary', b: 'standby2' });
    const of = (one: TraceEvent) =>
      ['primary', 'standby1', 'standby2'].filter((node) => passes(one, { group: null, node }));
    expect(of(sent)).toEqual(['primary', 'standby1']);
    expect(of(cut)).toEqual(['primary', 'standby2']);
    expect(passes(sent, { group: 'disks', node: null })).toBe(false);
    expect(passes(sent, { group: 'messages', node: 'standby1' })).toBe(true);
  });
});
