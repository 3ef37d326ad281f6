import { describe, expect, it } from 'vitest';
import type { Offers } from './parts.ts';
import { at, type Rig, run, value } from './rig.ts';

export function describeAnswers(rig: () => Rig, offers: Offers): void {
  describe('answers', () => {
    it('has a result for every statement of a string, rows as PostgreSQL prints them', async () => {
      const { server } = await rig().primary();
      const { results, status } = server.execute(
        "create table t (id int, v text); insert into t values (1, 'ä'), (2, null); table t; begin",
        at(0),
      );
      const rows = [
        ['1', 'ä'],
        ['2', null],
      ];
      expect(results).toEqual([
        { command: 'CREATE TABLE', columns: [], rows: [] },
        { command: 'INSERT 0 2', columns: [], rows: [] },
        { command: 'SELECT 2', columns: ['id', 'v'], rows, typeOids: [23, 25] },
        { command: 'BEGIN', columns: [], rows: [] },
      ]);
      expect(status).toBe('transaction');
    });

    it('reports an error with all its fields, and a failed transaction', async () => {
      const { server } = await rig().primary();
      run(server, 'create table t (id int primary key); insert into t values (1)');
      run(server, 'begin');
      const { error, status } = server.execute('insert into t values (1)', at(0));
      expect(error).toEqual({
        severity: 'ERROR',
        sqlstate: '23505',
        message: 'duplicate key value violates unique constraint "t_pkey"',
        detail: 'Key (id)=(1) already exists.',
        hint: null,
        position: null,
      });
      expect(status).toBe('failed');
      expect(server.execute('select 1', at(0)).error?.sqlstate).toBe('25P02');
      run(server, 'rollback');
      expect(server.execute("select 'ä', b", at(0)).error?.position).toBe(13);
    });

    if (offers.has('procedures and signals'))
      it('passes notices on, and takes signals to the simulator out of them', async () => {
        const { server } = await rig().primary();
        const { notices, signals } = server.execute(
          `do $$ begin
           raise warning 'careful' using hint = 'a hint';
           raise notice using errcode = 'SIM01', message = '{"name": "reload", "args": [1]}';
         end $$`,
          at(0),
        );
        expect(notices).toMatchObject([
          { severity: 'WARNING', sqlstate: '01000', message: 'careful', hint: 'a hint' },
        ]);
        expect(signals).toEqual([{ name: 'reload', args: [1] }]);
        const forged =
          "do $$ begin raise notice using errcode = 'SIM01', message = 'no JSON'; end $$";
        expect(server.execute(forged, at(0))).toMatchObject({ signals: [], notices: [{}] });
      });

    if (offers.has('functions of all kinds'))
      it('carries HTML, control characters and long output through unchanged', async () => {
        const { server } = await rig().primary();
        const text = '<b onclick="x">&amp;\u001b[31m\u0007 \t\r\n💾';
        expect(value(server, `select '${text}'`)).toBe(text);
        const { results } = server.execute('select generate_series(1, 100010)', at(0));
        expect(results[0]).toMatchObject({ command: 'SELECT 100010', omittedRows: 10 });
        expect(results[0]?.rows).toHaveLength(100_000);
      });

    if (offers.has('functions of all kinds'))
      it('knows all time zones', async () => {
        const { server } = await rig().primary();
        const names = 'select count(*) > 500 from pg_timezone_names';
        run(server, "set timezone = 'Asia/Kathmandu'");
        expect(value(server, "select timestamptz '2026-01-05 12:00Z'")).toBe(
          '2026-01-05 17:45:00+05:45',
        );
        expect(value(server, names)).toBe('t');
        expect(server.execute("set timezone = 'Asia/Nowhere'", at(0)).error?.sqlstate).toBe(
          '22023',
        );
      });

    if (offers.has('COPY'))
      it('shows the lines of COPY TO STDOUT as rows of one column', async () => {
        const { server } = await rig().primary();
        const { results } = server.execute("copy (values (1, 'a'), (2, null)) to stdout", at(0));
        expect(results).toEqual([
          { command: 'COPY 2', columns: [''], rows: [['1\ta'], ['2\t\\N']] },
        ]);
      });

    if (offers.has('procedures and signals'))
      it('ends a recursion without end, in PL/pgSQL and in SQL', async () => {
        const { server } = await rig().primary();
        for (const [language, body] of [
          ['plpgsql', 'begin return f(n + 1); end'],
          ['sql', 'select f(n + 1)'],
        ]) {
          run(
            server,
            `create or replace function f(n int) returns int language ${language} as '${body}'`,
          );
          expect(server.execute('select f(1)', at(0)).error).toMatchObject({
            sqlstate: '54001',
            message: 'stack depth limit exceeded',
          });
          expect(server.execute('select f(1)', at(0)).error?.hint).toContain('(currently 2048kB)');
        }
        expect(value(server, 'select 1')).toBe('1');
      });

    if (offers.has('every syntax'))
      it.each([
        [
          'a NUL character',
          "select 'a\0b'",
          '22021',
          'invalid byte sequence for encoding "UTF8": 0x00',
        ],
        [
          'COPY TO PROGRAM',
          "copy t to program 'ls'",
          '42501',
          'could not execute command "ls": Op',
        ],
        [
          'COPY FROM PROGRAM',
          "copy t from program 'ls'",
          '42501',
          'could not execute command "ls": Op',
        ],
        ['COPY FROM STDIN', 'copy t from stdin', '57014', 'COPY from stdin failed: no data can be'],
        ['deep nesting', `select ${'('.repeat(60_000)}`, '42601', 'memory exhausted'],
        [
          'a library that is not there',
          "load 'libpqwalreceiver'",
          '58P01',
          'could not access file',
        ],
        ['a syntax error', 'selec', '42601', 'syntax error at or near "selec"'],
      ])('explains and survives %s', async (_what, sql, sqlstate, message) => {
        const { server } = await rig().primary();
        run(server, 'create table t (a int)');
        const { error } = server.execute(sql, at(0));
        expect(error).toMatchObject({ severity: 'ERROR', sqlstate });
        expect(error?.message).toContain(message);
        expect(value(server, 'select count(*) from t')).toBe('0');
      });
  });
}
