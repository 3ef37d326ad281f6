import { type CommandContext, type Printout, say } from './command.ts';
import { describe } from './describe.ts';
import { listDatabases, listRelations, listRoles, listSchemas } from './lists.ts';

const HELP = [
  'psql commands that this terminal has:',
  '  \\d             tables, views and sequences',
  '  \\d NAME        a relation: its columns, indexes, constraints',
  '  \\dt \\di \\dv \\dm \\ds  [NAME]   tables, indexes, views, materialized views, sequences',
  '  \\dn \\du \\l     schemas, roles, databases',
  '  \\x [on|off|auto]   every row as a record',
  '  \\conninfo      what this terminal is connected to',
  '  \\?             this list',
  'NAME may hold * and ?. A copy of the server answers: nothing of the run changes.',
  '',
  'Keys: Enter sends what ends in a semicolon. Ctrl+Enter sends the statement at the caret, or what is selected.',
  'Alt+Up and Alt+Down bring back what was sent. Ctrl+C cancels.',
];

/** Commands that psql has and this terminal has not: what to do instead. */
const NOT_HERE: readonly (readonly [RegExp, string])[] = [
  [
    /^(c|connect)$/,
    'A terminal stays with its session; “New session” opens another one on any server.',
  ],
  [/^(q|quit|exit)$/, 'A session that you have opened is closed by the button in its title.'],
  [/^timing$/, 'It is always on: below each answer stands the virtual time that it took.'],
  [/^!$/, 'There is no shell behind this page.'],
  [
    /^(i|ir|include|include_relative|o|out|w|write|e|edit|ef|ev|s|copy|g|gx|lo_.*)$/,
    'There are no files behind this page, and no programs.',
  ],
  [/^(h|help)$/, 'The documentation is at postgresql.org/docs/18/sql-commands.html.'],
  [/^errverbose$/, 'Every error shows its SQLSTATE already.'],
  [/^watch$/, 'Send the statement again; time only runs while you let it.'],
];

/** Runs a backslash command: what it prints, in psql's words. */
export async function runCommand(
  line: string,
  context: CommandContext,
): Promise<readonly Printout[]> {
  const [, name = '', rest = ''] = /^\s*\\(\S*)\s*([\s\S]*?)\s*;?\s*$/.exec(line) ?? [];
  const argument = rest === '' ? null : rest;
  const { ask } = context;
  const list = /^d([tivms]*)(S?)(\+?)$/.exec(name);
  if (list) {
    const [, letters = '', system = '', plus = ''] = list;
    const printed =
      letters === '' && argument !== null
        ? await describe(argument, ask)
        : await listRelations(letters, argument, system !== '', ask);
    return plus === ''
      ? printed
      : [
          ...printed,
          ...say('This terminal has no + to a command: sizes and comments are left out.'),
        ];
  }
  switch (name) {
    case 'dn':
      return listSchemas(ask);
    case 'du':
    case 'dg':
      return listRoles(ask);
    case 'l':
    case 'list':
      return listDatabases(ask);
    case 'x':
      return expand(argument, context);
    case 'conninfo':
      return connection(context);
    case '?':
      return say(...HELP);
  }
  const instead = NOT_HERE.find(([names]) => names.test(name));
  if (instead) return say(`This terminal has no \\${name}. ${instead[1]}`);
  return say(`invalid command \\${name}`, 'Try \\? for help.');
}

function expand(argument: string | null, context: CommandContext): readonly Printout[] {
  const toggled = context.expanded === 'off' ? 'on' : 'off';
  const wanted = argument === null ? toggled : argument.toLowerCase();
  if (wanted !== 'on' && wanted !== 'off' && wanted !== 'auto')
    return say(`\\x: unrecognized value "${argument}": on, off, or auto expected`);
  context.setExpanded(wanted);
  return say(
    wanted === 'auto'
      ? 'Expanded display is used automatically.'
      : `Expanded display is ${wanted}.`,
  );
}

function connection({ node, session, pid, standby }: CommandContext): readonly Printout[] {
  const rows: [string, string][] = [
    ['Server', node],
    ['Session', session],
    ['Database', 'postgres'],
    ['Backend PID', pid === null ? 'none before the first statement' : String(pid)],
    ['Hot Standby', standby ? 'on' : 'off'],
  ];
  const result = { command: '', columns: ['Parameter', 'Value'], rows };
  return [
    { title: 'Connection Information', result, lines: [`(${rows.length} rows)`], error: null },
  ];
}
