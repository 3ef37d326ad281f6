import { describe, expect, it } from 'vitest';
import { type CafeYml, cafeYml } from '../../../content/09-governor.yml.ts';
import type { Play, PlayAction } from '../../../src/ha/play/play.ts';
import { openPlay } from '../../../src/ui/governor/open-play.ts';

const SETTLED = 32;
const usual = 'ttl: 30\nloop_wait: 10\nretry_timeout: 10\nmaximum_lag_on_failover: 1048576\n';

/** A cluster of the chapter's figure, as the reader finds it, after deeds with seconds between them. */
function played(
  yml: CafeYml,
  deeds: readonly (PlayAction | number)[],
  withoutWatchdog: readonly string[] = [],
): Play {
  const { open } = openPlay(cafeYml(yml), withoutWatchdog, 1);
  if (open === null) throw new Error('Patroni does not start');
  open.play.run(SETTLED);
  for (const deed of deeds) {
    if (typeof deed === 'number') open.play.run(deed);
    else open.play.act(deed);
  }
  return open.play;
}

/** Seconds after the first deed at which a client first found the node like this. */
const foundAt = (play: Play, node: string, role: string): number | null => {
  const found = play.history.found[node]?.find(({ at, is }) => is === role && at > SETTLED * 1e6);
  return found === undefined ? null : Math.round((found.at / 1e6 - SETTLED) * 10) / 10;
};

const leader = (play: Play): string | null => play.history.holder.at(-1)?.is ?? null;

describe('what chapter 9 says of its figure', () => {
  it('a machine without power is followed after 30 s, and after 21 s with the shortest lease', () => {
    const off: PlayAction = { kind: 'powerOff', node: 'node1' };
    expect(foundAt(played({}, [off, 45]), 'node2', 'primary')).toBe(30.3);
    const short = played({ dcs: 'ttl: 20\nloop_wait: 10\nretry_timeout: 10' }, [off, 45]);
    expect(foundAt(short, 'node2', 'primary')).toBe(21.3);
  });

  it('maximum_lag_on_failover keeps out whom the DCS knows to lag, and loses what it has not heard of', () => {
    const deaf: PlayAction = { kind: 'freezeWalreceiver', node: 'node2' };
    const write: PlayAction = { kind: 'write', bytes: 8_000_000 };
    const off: PlayAction = { kind: 'powerOff', node: 'node1' };
    expect(leader(played({}, [deaf, write, 20, off, 50]))).toBe('node3');
    const both: PlayAction = { kind: 'freezeWalreceiver', node: 'node3' };
    expect(leader(played({}, [deaf, both, write, 20, off, 50]))).toBe(null);
    const quick = played({}, [deaf, both, write, off, 50]);
    expect(leader(quick)).toBe('node2');
    expect(quick.lost.length).toBeGreaterThan(0);
  });

  it('a leader that is cut off stops after 18 s; a frozen one does not, unless a watchdog is there', () => {
    const cut = played({}, [{ kind: 'cutFromDcs', node: 'node1' }, 60]);
    expect(foundAt(cut, 'node1', 'down')).toBe(18);
    expect(cut.history.twoPrimaries).toBe(0);
    const freeze: PlayAction = { kind: 'freezePatroni', node: 'node1' };
    expect(played({}, [freeze, 60]).history.twoPrimaries).toBeGreaterThan(25);
    const guarded = played({ watchdog: 'automatic' }, [freeze, 60]);
    expect(foundAt(guarded, 'node1', 'down')).toBe(23);
    expect(guarded.history.twoPrimaries).toBe(0);
    const missing = played({ watchdog: 'automatic' }, [freeze, 60], ['node1']);
    expect(missing.history.twoPrimaries).toBeGreaterThan(25);
    const off: PlayAction = { kind: 'powerOff', node: 'node1' };
    expect(leader(played({ watchdog: 'required' }, [off, 60], ['node2']))).toBe('node3');
  });

  it('a DCS without a majority costs the primary', () => {
    const stop = (member: string): PlayAction => ({ kind: 'stopDcs', member });
    const play = played({}, [stop('etcd2'), 20, stop('etcd3'), 50]);
    expect(foundAt(play, 'node1', 'down')).toBe(38);
    expect(foundAt(play, 'node2', 'primary')).toBe(null);
  });

  it('names by hand lose what the wrong standby had confirmed; both synchronous modes do not', () => {
    const schedule: readonly (PlayAction | number)[] = [
      { kind: 'freezeWalreceiver', node: 'node2' },
      20,
      { kind: 'powerOff', node: 'node1' },
      { kind: 'powerOff', node: 'node3' },
      60,
    ];
    const names = "parameters:\n  synchronous_standby_names: 'ANY 1 (node2, node3)'";
    expect(played({ postgresql: names }, schedule).lost).toHaveLength(200);
    const on = played({ dcs: `${usual}synchronous_mode: on` }, schedule);
    expect({ leader: leader(on), lost: on.lost.length }).toEqual({ leader: 'node2', lost: 0 });
    expect(leader(played({ dcs: `${usual}synchronous_mode: quorum` }, schedule))).toBe(null);
    const alone = played({}, [{ kind: 'isolate', node: 'node1' }, 60]);
    expect({ lost: alone.lost.length, two: alone.history.twoPrimaries }).toEqual({
      lost: 180,
      two: 0,
    });
  });
});
