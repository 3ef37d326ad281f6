/** The figures of chapter 7. */
import type { FigureSpec } from './figures.ts';

const recipes = [
  'create table recipes (id int primary key, dish text not null, price numeric(6,2) not null);',
  "insert into recipes select g, 'dish ' || g, 3 + g * 0.25 from generate_series(1, 40) as g;",
];

export const backupFigures = {
  backup: {
    id: 'backup',
    title: 'The cafe, its standby, and a spare machine',
    home: 'chapters/backup/',
    cluster: {
      nodes: ['primary', 'standby1', 'restored'],
      spares: ['restored'],
      settings: {
        primary: {
          archive_mode: 'on',
          archive_command: 'test ! -f /archive/%f && cp %p /archive/%f',
        },
      },
      seed: 71,
      setup: [
        'create extension pg_walinspect;',
        ...recipes,
        'create table specials (day text primary key, dish text);',
        "insert into specials values ('Monday', 'pumpkin soup');",
        'create table payments (id int generated always as identity primary key, what text);',
        'create table suppliers (name text primary key, brings text);',
        "insert into suppliers values ('Olga', 'eggs'), ('Yusuf', 'figs'), ('Ines', 'flour');",
      ],
    },
    terminals: [
      { node: 'primary', session: 'a' },
      { node: 'primary', session: 'b' },
      { node: 'restored', session: 'd' },
    ],
  },
  delayed: {
    id: 'delayed',
    title: 'A standby that is late on purpose',
    home: 'chapters/backup/',
    cluster: {
      nodes: ['primary', 'delayed'],
      settings: { delayed: { recovery_min_apply_delay: '30s' } },
      seed: 72,
      setup: recipes,
    },
    terminals: [
      { node: 'primary', session: 'a' },
      { node: 'delayed', session: 'c' },
    ],
  },
} as const satisfies Readonly<Record<string, FigureSpec>>;
