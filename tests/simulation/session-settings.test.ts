import { describe, expect, it } from 'vitest';
import { openCluster } from './rig.ts';

/** What PostgreSQL says that a session has set for itself. */
const OWN = `select string_agg(name || '=' || current_setting(name), ' ' order by name) from pg_settings
  where source = 'session' and name in ('synchronous_commit', 'lock_timeout', 'application_name', 'work_mem')`;

describe('what a session has set stays with it while others take turns on the backend', () => {
  it.each([
    { sets: ['set synchronous_commit = off'], left: 'synchronous_commit=off' },
    { sets: ["set lock_timeout = '5s'"], left: 'lock_timeout=5s' },
    {
      sets: ["set application_name = 'till''s'; insert into accounts values (4, 1)"],
      left: "application_name=till's",
    },
    {
      sets: ['set work_mem = 8192', 'set synchronous_commit = local'],
      left: 'synchronous_commit=local work_mem=8MB',
    },
    // Set to what it is anyway: no default any more.
    { sets: ['set synchronous_commit = on'], left: 'synchronous_commit=on' },
    { sets: ['set synchronous_commit = off', 'reset synchronous_commit'], left: '' },
    { sets: ['set lock_timeout = 7', 'set lock_timeout to default'], left: '' },
    { sets: ['set lock_timeout = 7', 'reset all'], left: '' },
    {
      sets: ['begin', 'set synchronous_commit = off', 'commit'],
      left: 'synchronous_commit=off',
    },
    { sets: ['begin', 'set synchronous_commit = off', 'rollback'], left: '' },
    {
      sets: [
        'set synchronous_commit = local',
        'begin; savepoint a; set synchronous_commit = off; rollback to a; commit',
      ],
      left: 'synchronous_commit=local',
    },
    { sets: ['set local lock_timeout = 7'], left: '' },
    { sets: ['begin; set local synchronous_commit = off; commit'], left: '' },
  ])('$sets', async ({ sets, left }) => {
    const rig = await openCluster();
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await ben.ok("set application_name = 'ben'", "set lock_timeout = '1s'");
    for (const sql of sets) {
      await anna.ok(sql);
      expect(await ben.value(OWN)).toBe('application_name=ben lock_timeout=1s');
    }
    expect(await anna.value(OWN)).toBe(left);
  });

  it('a timeout of its own ends a wait, also one that a block has set for itself', async () => {
    const rig = await openCluster();
    const [anna, ben, carl] = [rig.psql('anna'), rig.psql('ben'), rig.psql('carl')];
    await anna.ok('begin', 'update accounts set balance = 0 where id = 1');
    const took = async (session: typeof ben) => {
      const blocked = await session.send('update accounts set balance = 1 where id = 1');
      await blocked.answer();
      expect(blocked.error).toBe('55P03 canceling statement due to lock timeout');
      return Math.round(blocked.took / 100) * 100;
    };
    await ben.ok("set lock_timeout = '300ms'");
    expect(await took(ben)).toBe(300);
    await carl.ok('begin', 'set local lock_timeout = 500');
    expect(await took(carl)).toBe(500);
  });
});
