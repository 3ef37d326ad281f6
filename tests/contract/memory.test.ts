import { expect, it } from 'vitest';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { at, Rig, run, value } from './rig.ts';

const MATERIALISATIONS = 200;
/** Compiled code, program files, a primary and one standby at a time; about half of it is seen. */
const BOUND = 800_000_000;

it(`holds ${MATERIALISATIONS} materialised servers one after another in bounded memory`, async () => {
  const rig = new Rig(await openNodeEngine());
  const { server, wal } = await rig.primary();
  run(server, 'create table t (id int)');
  let most = 0;
  for (let i = 1; i <= MATERIALISATIONS; i++) {
    run(server, `insert into t values (${i})`);
    wal.take(server);
    const standby = await rig.engine.materialize({
      base: rig.engine.template,
      wal: wal.upTo(),
      settings: {},
      at: at(0),
      seed: i,
      role: 'standby',
    });
    expect(value(standby, 'select count(*) from t')).toBe(String(i));
    standby.close();
    most = Math.max(most, process.memoryUsage().rss);
  }
  console.log(
    `${MATERIALISATIONS} materialisations: at most ${Math.round(most / 1e6)} MB resident`,
  );
  expect(most).toBeLessThan(BOUND);
}, 300_000);
