import type { Row, Value } from './database.ts';
import { notOffered, Refused } from './refused.ts';
import { lastName, listOf, only, type Tree } from './syntax.ts';

/** What an expression is computed from. */
export interface Scope {
  /** Names of the columns of a row. */
  readonly columns: readonly string[];
  readonly row: Row;
  /** The rows that an aggregate goes over; null outside of a query that has one. */
  readonly group: readonly Row[] | null;
  /** Functions that ask the server. Undefined for one that there is not. */
  call(name: string, args: readonly Value[]): Value | undefined;
  /** The error's position from a byte offset in the string. */
  position(byte: number): number;
}

export const AGGREGATES: ReadonlySet<string> = new Set([
  'count',
  'sum',
  'min',
  'max',
  'string_agg',
]);

export function evaluate(tree: unknown, scope: Scope): Value {
  const { node, body } = only(tree);
  switch (node) {
    case 'A_Const':
      return constant(body);
    case 'ColumnRef':
      return column(body, scope);
    case 'A_Expr':
      return operator(body, scope);
    case 'BoolExpr':
      return logic(body, scope);
    case 'NullTest':
      return (evaluate(body.arg, scope) === null) === (body.nulltesttype !== 'IS_NOT_NULL');
    case 'CoalesceExpr':
      for (const argument of listOf(body.args)) {
        const value = evaluate(argument, scope);
        if (value !== null) return value;
      }
      return null;
    case 'TypeCast':
      return cast(evaluate(body.arg, scope), lastName((body.typeName as Tree).names), scope);
    case 'FuncCall':
      return call(body, scope);
    default:
      throw notOffered(node);
  }
}

/** The name of a result's column (FigureColname, parse_target.c). */
export function columnName({ name, val }: Tree): string {
  if (name !== undefined) return String(name);
  const { node, body } = only(val);
  if (node === 'ColumnRef') return lastName(body.fields);
  if (node === 'FuncCall') return lastName(body.funcname);
  if (node === 'CoalesceExpr') return 'coalesce';
  if (node !== 'TypeCast') return '?column?';
  const inner = columnName({ val: body.arg });
  return inner === '?column?' ? lastName((body.typeName as Tree).names) : inner;
}

/** Whether a query goes over a group of rows. */
export const hasAggregate = (targets: unknown): boolean =>
  [...JSON.stringify(targets).matchAll(/"funcname":\[[^\]]*"sval":"(\w+)"\}\}\]/g)].some(
    ([, name]) => AGGREGATES.has(name as string),
  );

/** As PostgreSQL prints it. */
export const textOf = (value: Value): string | null => {
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return value === null ? null : String(value);
};

function constant({ isnull, ival, fval, boolval, sval }: Tree): Value {
  if (isnull) return null;
  if (ival) return ((ival as Tree).ival as number | undefined) ?? 0;
  if (fval) return Number((fval as Tree).fval);
  if (boolval) return (boolval as Tree).boolval === true;
  return String((sval as Tree | undefined)?.sval ?? '');
}

function column({ fields, location }: Tree, { columns, row, position }: Scope): Value {
  const name = lastName(fields);
  const index = columns.indexOf(name);
  if (index < 0)
    throw new Refused('42703', `column "${name}" does not exist`, {
      position: position((location as number | undefined) ?? 0),
    });
  return row[index] ?? null;
}

function operator({ kind, name, lexpr, rexpr }: Tree, scope: Scope): Value {
  const left = lexpr === undefined ? 0 : evaluate(lexpr, scope);
  if (kind === 'AEXPR_IN') {
    const items = listOf((only(rexpr).body as { items?: unknown }).items);
    return items.some((item) => evaluate(item, scope) === left);
  }
  if (kind !== 'AEXPR_OP') throw notOffered(String(kind));
  const right = evaluate(rexpr, scope);
  if (left === null || right === null) return null;
  const sign = lastName(name);
  switch (sign) {
    case '=':
      return left === right;
    case '<>':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    case '+':
      return Number(left) + Number(right);
    case '-':
      return Number(left) - Number(right);
    case '*':
      return Number(left) * Number(right);
    case '||':
      return `${textOf(left)}${textOf(right)}`;
    default:
      throw notOffered(`the operator ${sign}`);
  }
}

function logic({ boolop, args }: Tree, scope: Scope): Value {
  const values = listOf(args).map((argument) => evaluate(argument, scope));
  if (boolop === 'NOT_EXPR') return values[0] === null ? null : !values[0];
  const decides = boolop === 'OR_EXPR';
  if (values.includes(decides)) return decides;
  return values.includes(null) ? null : !decides;
}

function cast(value: Value, type: string, scope: Scope): Value {
  if (value === null) return null;
  switch (type) {
    case 'text':
    case 'varchar':
      return textOf(value);
    case 'int4':
    case 'int8':
    case 'oid':
      return asInteger(value, type);
    case 'regclass': {
      const oid = scope.call('to_regclass', [value]);
      if (oid == null) throw new Refused('42P01', `relation "${value}" does not exist`);
      return oid;
    }
    default:
      throw notOffered(`the type ${type}`);
  }
}

export function asInteger(value: Value, type: string): Value {
  if (value === null) return null;
  const number = Number(value);
  if (Number.isInteger(number)) return number;
  const words = type === 'int8' ? 'bigint' : type === 'oid' ? 'oid' : 'integer';
  throw new Refused('22P02', `invalid input syntax for type ${words}: "${value}"`);
}

function call(body: Tree, scope: Scope): Value {
  const name = lastName(body.funcname);
  const args = listOf(body.args);
  if (AGGREGATES.has(name)) return aggregate(name, body, scope);
  const values = args.map((argument) => evaluate(argument, scope));
  const asked = scope.call(name, values);
  if (asked !== undefined) return asked;
  const own = FUNCTIONS[name];
  if (own === undefined) throw notOffered(`the function ${name}`);
  return values.includes(null) ? null : own(...values);
}

const FUNCTIONS: Readonly<Record<string, (...args: readonly Value[]) => Value>> = {
  repeat: (text, times) => String(text).repeat(Math.max(0, Number(times))),
  length: (text) => [...String(text)].length,
};

function aggregate(name: string, body: Tree, scope: Scope): Value {
  const { group } = scope;
  if (group === null) throw notOffered(`${name} here`);
  if (body.agg_star) return group.length;
  const [argument, separator] = listOf(body.args);
  const order = listOf(body.agg_order)[0];
  const each = (row: Row): Scope => ({ ...scope, row, group: null });
  const rows = order ? sortedBy(group, [only(order).body], each) : group;
  const values = rows
    .map((row) => evaluate(argument, each(row)))
    .filter((value) => value !== null) as Exclude<Value, null>[];
  switch (name) {
    case 'count':
      return values.length;
    case 'sum':
      return values.length === 0 ? null : values.reduce<number>((sum, one) => sum + Number(one), 0);
    case 'min':
      return values.length === 0
        ? null
        : values.reduce((least, one) => (one < least ? one : least));
    case 'max':
      return values.length === 0 ? null : values.reduce((most, one) => (one > most ? one : most));
    default:
      return values.length === 0
        ? null
        : values.map(textOf).join(String(evaluate(separator, scope)));
  }
}

/** Nulls last, as PostgreSQL sorts upwards. */
export function sortedBy(
  rows: readonly Row[],
  keys: readonly Tree[],
  scopeOf: (row: Row) => Scope,
): readonly Row[] {
  const decorated = rows.map((row) => ({
    row,
    keys: keys.map(({ node }) => evaluate(node, scopeOf(row))),
  }));
  decorated.sort((one, other) => {
    for (const [index, { sortby_dir }] of keys.entries()) {
      const order = compare(one.keys[index] ?? null, other.keys[index] ?? null);
      if (order !== 0) return sortby_dir === 'SORTBY_DESC' ? -order : order;
    }
    return 0;
  });
  return decorated.map(({ row }) => row);
}

function compare(one: Value, other: Value): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? 1 : -1;
  return one < other ? -1 : 1;
}
