import { describe, expect, it } from 'vitest';
import { readPatroniYml } from '../../../src/ha/patroni-yml/patroni-yml.ts';
import { lineOf } from '../../../src/ha/patroni-yml/problem.ts';
import { seconds } from '../../../src/sim/instant.ts';

const cafe = `scope: cafe
name: node1
restapi:
  listen: 10.0.0.1:8008
  connect_address: 10.0.0.1:8008
etcd3:
  hosts: [etcd1:2379, etcd2:2379, etcd3:2379]
bootstrap:
  dcs:
    ttl: 30
    loop_wait: 10
    retry_timeout: 10
    synchronous_mode: on
    postgresql:
      use_pg_rewind: true
      parameters:
        max_connections: 200
        wal_log_hints: on
postgresql:
  listen: 10.0.0.1:5432
  connect_address: 10.0.0.1:5432
  data_dir: /data
  authentication:
    replication: {username: replicator, password: tea}
    superuser: {username: postgres, password: tea}
  parameters:
    work_mem: 64MB
watchdog:
  mode: required
  safety_margin: -1
tags:
  failover_priority: 3
`;

/** What is said of the file, with the line that it is said at. */
const said = (text: string) =>
  readPatroniYml(text).problems.map(
    ({ from, severity, message }) => `${lineOf(text, from)} ${severity}: ${message}`,
  );
const edited = (from: string, to: string) => {
  if (!cafe.includes(from)) throw new Error(`not in the file: ${from}`);
  return cafe.replace(from, to);
};

describe('patroni.yml', () => {
  it('is read as Patroni reads it, with no complaint about a good one', () => {
    expect(said(cafe)).toEqual([]);
    const { dynamic, local, scope, name, starts } = readPatroniYml(cafe);
    expect({ scope, name, starts }).toEqual({ scope: 'cafe', name: 'node1', starts: true });
    expect(dynamic).toMatchObject({
      ttl: seconds(30),
      synchronousMode: 'on',
      usePgRewind: true,
      maximumLagOnFailover: 1_048_576,
      // PostgreSQL's file has no `true`.
      parameters: { max_connections: '200', wal_log_hints: 'on' },
    });
    expect(local.watchdog).toMatchObject({ mode: 'required', safetyMargin: null });
    expect(local.tags).toMatchObject({ nofailover: false, failoverPriority: 3 });
    expect(local.parameters).toEqual({ work_mem: '64MB' });
  });

  it('reads on and off as YAML 1.1 does, which makes flags of them', () => {
    expect(readPatroniYml(edited('mode: required', 'mode: off')).local.watchdog.mode).toBe('off');
    const text = edited('synchronous_mode: on', 'synchronous_mode: quorum');
    expect(readPatroniYml(text).dynamic.synchronousMode).toBe('quorum');
  });

  it('tells of a key that stands twice, where the first one stands, and keeps the last', () => {
    const text = `${cafe}postgresql:\n  pg_ctl_timeout: 10\n`;
    expect(said(text)).toEqual([
      '19 warning: `postgresql` stands again in line 33. The parser keeps the last one and drops this one, with everything under it, without a word.',
    ]);
    expect(readPatroniYml(text).local.parameters).toEqual({});
  });

  it('names an unknown key, and where it belongs', () => {
    expect(said(edited('scope: cafe', 'scope: cafe\nttl: 20'))).toEqual([
      '2 warning: Patroni knows no `ttl` at this level, and passes over it. It belongs under `bootstrap.dcs`.',
    ]);
    expect(said(edited('  mode: required', '  mod: required'))).toEqual([
      '29 warning: Patroni knows no `mod` under `watchdog`, and passes over it. Did you mean `mode`?',
    ]);
  });

  it('refuses values of a wrong type, and takes the default', () => {
    const text = edited('ttl: 30', 'ttl: thirty');
    expect(said(text)).toEqual(['10 error: `bootstrap.dcs.ttl` must be a whole number.']);
    expect(readPatroniYml(text).dynamic.ttl).toBe(seconds(30));
    expect(said(edited('mode: required', 'mode: maybe'))).toEqual([
      '29 error: `watchdog.mode` must be one of `off`, `automatic`, `required`.',
    ]);
    expect(said(edited('use_pg_rewind: true', "use_pg_rewind: 'yes'"))).toEqual([
      '15 error: `bootstrap.dcs.postgresql.use_pg_rewind` must be `true` or `false`.',
    ]);
    // Digits in quotes are a number to Patroni, here.
    expect(said(edited('ttl: 30', "ttl: '30'"))).toEqual([]);
  });

  it('mends the three timeouts as Patroni 4 does, with its warning at the value that it changes', () => {
    const text = edited('loop_wait: 10', 'loop_wait: 15');
    expect(said(text)).toEqual([
      '11 warning: Patroni warns, and goes on: Violated the rule "loop_wait + 2*retry_timeout <= ttl", where ttl=30 and retry_timeout=10. Adjusting loop_wait from 15 to 10',
    ]);
    expect(readPatroniYml(text).dynamic.loopWait).toBe(seconds(10));
    expect(said(edited('ttl: 30', 'ttl: 5'))).toEqual([
      "10 warning: Patroni warns, and goes on: ttl=5 can't be smaller than 20, adjusting...",
      '11 warning: Patroni warns, and goes on: Violated the rule "loop_wait + 2*retry_timeout <= ttl", where ttl=20. Adjusting loop_wait from 10 to 1 and retry_timeout from 10 to 9',
    ]);
  });

  it('tells of settings that stand in a layer where they do nothing', () => {
    const layer = edited(
      '  parameters:\n    work_mem',
      '  parameters:\n    max_connections: 300\n    work_mem',
    );
    expect(said(layer)).toEqual([
      '27 warning: All nodes must have the same `max_connections`: Patroni reads it from the DCS alone, and drops it here without a word. It belongs under `bootstrap.dcs.postgresql.parameters`.',
    ]);
    const names = edited('work_mem: 64MB', 'synchronous_standby_names: ANY 1 (node2, node3)');
    expect(said(names)).toEqual([
      '27 warning: With `synchronous_mode: on` Patroni writes these names itself, and yours are overruled.',
    ]);
  });

  it('does not start from text that is no YAML, or without its two names', () => {
    const tab = edited('  mode: required', '\tmode: required');
    expect(readPatroniYml(tab).starts).toBe(false);
    expect(said(tab)[0]).toMatch(
      /^29 error: Tabs are not allowed as indentation\. Patroni does not start\.$/,
    );
    const nameless = edited('name: node1\n', '');
    expect(readPatroniYml(nameless).starts).toBe(false);
    expect(said(nameless)).toEqual(['1 error: There is no `name`, and Patroni needs it.']);
  });

  it('knows the scripts of a machine by the command that runs them', () => {
    const text = edited('  data_dir: /data', '  data_dir: /data\n  pre_promote: /bin/fence');
    const fence = { command: '/bin/fence', exitStatus: 0, takes: seconds(2) };
    expect(readPatroniYml(text, new Map([['/bin/fence', fence]])).local.prePromote).toBe(fence);
    expect(readPatroniYml(text).local.prePromote?.exitStatus).toBe(127);
  });
});
