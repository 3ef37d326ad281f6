import ts from 'typescript';
import { at, type Source, visit } from './source.ts';

/** Layers whose every run must come out the same: nothing of the host's time, chance or schedule. */
const pureLayers = [
  'src/sim/',
  'src/postgres/',
  'src/ha/',
  'src/pooler/',
  'src/logical/',
  'src/cloud/',
  'src/cluster/',
  'src/routing/',
  'src/soak/',
  'src/grading/',
  'src/experiment/',
  'src/lab/',
  'labs/',
];

/** Layers that hand effects to the shell, and so never wait for anything themselves. */
const neverAwait = ['src/sim/', 'src/postgres/', 'src/ha/'];

const bannedMembers = new Set(['Date.now', 'Math.random', 'performance.now']);
const bannedNames = new Set([
  'crypto',
  'fetch',
  'performance',
  'process',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);

export function bannedWords(source: Source): string[] {
  if (!pureLayers.some((layer) => source.path.startsWith(layer))) return [];
  const wrong: string[] = [];
  const ours = declarations(source.tree);
  visit(source.tree, (node) => {
    const word = bannedWord(node, ours);
    if (word) wrong.push(at(source, node, `${word} makes a run depend on the host`));
  });
  return wrong;
}

function bannedWord(node: ts.Node, ours: readonly Declaration[]): string | null {
  if (ts.isPropertyAccessExpression(node)) {
    const member = `${node.expression.getText()}.${node.name.text}`.replace(/^globalThis\./, '');
    return bannedMembers.has(member) ? member : null;
  }
  if (
    (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
    node.expression.getText() === 'Date'
  ) {
    return node.arguments?.length ? null : 'Date without an argument';
  }
  if (!ts.isIdentifier(node) || !bannedNames.has(node.text) || !isGlobalUse(node)) return null;
  const declared = ours.some(({ name, scope }) => name === node.text && isInside(node, scope));
  return declared ? null : node.text;
}

interface Declaration {
  name: string;
  scope: ts.Node;
}

/** What the file itself calls by a banned name: a parameter `process` is a process of the cluster. */
function declarations(tree: ts.Node): Declaration[] {
  const found: Declaration[] = [];
  visit(tree, (node) => {
    const declares =
      ts.isParameter(node) ||
      ts.isVariableDeclaration(node) ||
      ts.isBindingElement(node) ||
      ts.isImportSpecifier(node) ||
      ts.isFunctionDeclaration(node);
    if (!declares || !node.name || !ts.isIdentifier(node.name)) return;
    if (bannedNames.has(node.name.text)) found.push({ name: node.name.text, scope: scopeOf(node) });
  });
  return found;
}

function scopeOf(declaration: ts.Node): ts.Node {
  let scope = declaration.parent;
  while (!isScope(scope)) scope = scope.parent;
  return scope;
}

function isScope(node: ts.Node): boolean {
  return (
    ts.isBlock(node) ||
    ts.isFunctionLike(node) ||
    ts.isForStatement(node) ||
    ts.isForOfStatement(node) ||
    ts.isSourceFile(node)
  );
}

function isInside(node: ts.Node, scope: ts.Node): boolean {
  return node.pos >= scope.pos && node.end <= scope.end;
}

/** True where the name is the host's own, not a member, a property or a declaration of ours. */
function isGlobalUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) {
    return parent.expression === node
      ? !bannedMembers.has(`${node.text}.${parent.name.text}`)
      : parent.expression.getText() === 'globalThis';
  }
  const declared = (parent as { name?: ts.Node }).name === node;
  return !declared && !ts.isQualifiedName(parent) && !ts.isTypeReferenceNode(parent);
}

export function awaits(source: Source): string[] {
  if (!neverAwait.some((layer) => source.path.startsWith(layer))) return [];
  const wrong: string[] = [];
  visit(source.tree, (node) => {
    const waits = ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword;
    if (waits) wrong.push(at(source, node, 'the kernel never awaits'));
  });
  return wrong;
}

const runners = new Set(['it', 'test', 'describe', 'suite', 'bench']);
const neverAllowed = new Set(['only', 'todo']);
const needsReason = new Set(['skip', 'skipIf', 'runIf', 'fixme']);

/** Tests that run alone, or that do not run and say not why (a comment beside or above says it). */
export function silencedTests(source: Source): string[] {
  const lines = source.text.split('\n');
  const wrong: string[] = [];
  visit(source.tree, (node) => {
    if (!ts.isPropertyAccessExpression(node)) return;
    const runner = /^\w+/.exec(node.expression.getText())?.[0] ?? '';
    if (!runners.has(runner)) return;
    const word = node.name.text;
    if (neverAllowed.has(word)) wrong.push(at(source, node, `.${word} keeps tests from running`));
    if (!needsReason.has(word)) return;
    const { line } = source.tree.getLineAndCharacterOfPosition(node.name.getStart());
    const near = [lines[line - 1], lines[line]].join('\n');
    if (!/\/\/|\*\//.test(near)) wrong.push(at(source, node, `.${word} without a reason above it`));
  });
  return wrong;
}
