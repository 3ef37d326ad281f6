import { describe, expect, test } from 'vitest';
import { MessageLog, messagesInFlight } from '../../../src/cluster/message-log.ts';
import { instant, ms, us } from '../../../src/sim/instant.ts';
import { Rig } from '../postgres/rig.ts';

/** A cluster that streams, and the log of what its links have delivered since. */
function streaming(): { rig: Rig; log: () => MessageLog } {
  const rig = new Rig();
  expect(rig.settle()).toBeNull();
  rig.wait(ms(50));
  const first = rig.trace.entries.length;
  const log = () => {
    const all = new MessageLog();
    for (const { at, effect } of rig.trace.entries.slice(first)) {
      if (effect.kind === 'arrived') {
        all.append(effect.from, effect.to, effect.messages, instant(at));
      } else if (effect.kind === 'lost') all.append(effect.from, effect.to, effect.messages, null);
    }
    return all;
  };
  return { rig, log };
}

describe('messages between nodes', () => {
  test('a commit’s WAL is on its way to both standbys, and then has arrived', () => {
    const { rig, log } = streaming();
    const { end } = rig.commit('on', 200);
    rig.wait(us(500));
    const flying = messagesInFlight(rig.state).filter(({ kind }) => kind === 'wal');
    expect(flying.map(({ from, to }) => [from, to])).toEqual([
      ['primary', 'standby1'],
      ['primary', 'standby2'],
    ]);
    expect(flying[0]).toMatchObject({
      bytes: 230,
      lost: false,
      reported: null,
      wal: { startLsn: end - 200, endLsn: end, records: 1, commits: 1 },
    });
    expect((flying[0]?.arrivesAt ?? 0) - (flying[0]?.sentAt ?? 0)).toBe(5_000);

    rig.wait(ms(30));
    expect(messagesInFlight(rig.state)).toEqual([]);
    const ended = log().from(0, rig.state.branches);
    expect(ended.slice(0, 2)).toEqual(flying);
    const last = ended.filter(({ from }) => from === 'standby1').at(-1);
    expect(last).toMatchObject({
      kind: 'reply',
      wal: null,
      reported: { writeLsn: end, flushLsn: end, replayLsn: end },
    });
    expect(new Set(ended.map(({ id }) => id)).size).toBe(ended.length);
    expect(log().from(ended.length, rig.state.branches)).toEqual([]);
  });

  test('a cut holds a message up: nobody can say when it arrives, and it stays the same message', () => {
    const { rig, log } = streaming();
    rig.input({ kind: 'cut', a: 'primary', b: 'standby1' });
    rig.commit('on');
    rig.wait(ms(30));
    const [held] = messagesInFlight(rig.state);
    expect(held).toMatchObject({ to: 'standby1', kind: 'wal', arrivesAt: null });
    rig.input({ kind: 'heal', a: 'primary', b: 'standby1' });
    rig.wait(ms(6));
    const arrived = log()
      .from(0, rig.state.branches)
      .find(({ id }) => id === held?.id);
    expect(arrived).toEqual({ ...held, arrivesAt: rig.now - 1_000 });
  });

  test('what a machine without power had not sent is lost', () => {
    const { rig, log } = streaming();
    rig.input({ kind: 'cut', a: 'primary', b: 'standby1' });
    rig.commit('on');
    rig.wait(ms(1));
    rig.input({ kind: 'powerOff', node: 'primary' });
    expect(messagesInFlight(rig.state).filter(({ to }) => to === 'standby1')).toEqual([]);
    expect(log().from(0, rig.state.branches)).toMatchObject([
      { to: 'standby1', kind: 'wal', lost: true, arrivesAt: null },
    ]);
  });
});
