/**
 * `npm run patroni -- [--source DIRECTORY] [NAME …]`: plays the schedules of src/real/patroni/schedules.ts on a real Patroni
 * with a real etcd and PostgreSQL, in real time, and keeps what was seen in tests/patroni/. It needs Debian's packages
 * `patroni`, `etcd-server` and `postgresql`; `--source` runs a checkout of Patroni instead of the package's, with the
 * package's Python modules. Tests read the records; nothing but this command runs Patroni.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printRecord } from '../ha/patroni-record.ts';
import { patroniPrograms } from '../real/patroni/programs.ts';
import { defaultDynamic, schedules } from '../real/patroni/schedules.ts';
import { Stage } from '../real/patroni/stage.ts';

const { values, positionals } = parseArgs({
  options: { source: { type: 'string' } },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(schedules);
const programs = patroniPrograms(values.source ?? null);
const { patroni, postgresql, etcd } = programs.versions;
console.log(`Patroni ${patroni}, PostgreSQL ${postgresql}, etcd ${etcd}`);
for (const name of names) {
  const schedule = schedules[name];
  if (schedule === undefined) throw new Error(`there is no schedule ${name}`);
  const dynamic = { ...defaultDynamic, ...schedule.dynamic };
  const began = performance.now();
  const stage = await Stage.open(programs, dynamic);
  await schedule.play(stage);
  const lines = await stage.close();
  const head = { schedule: name, what: schedule.what, versions: programs.versions, dynamic };
  const path = fileURLToPath(new URL(`../../tests/patroni/${name}.jsonl`, import.meta.url));
  writeFileSync(path, printRecord({ head, lines }));
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${name}: ${lines.length} lines, ${seconds} s`);
}
process.exit(0);
