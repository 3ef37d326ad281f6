import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

export const root = join(import.meta.dirname, '../..');

/** A source file of the project, parsed. */
export interface Source {
  /** From the root of the repository, with slashes. */
  path: string;
  text: string;
  tree: ts.SourceFile;
}

export interface Import {
  /** A path from the root of the repository, or the name of a package. */
  target: string;
  typeOnly: boolean;
  node: ts.Node;
}

export function sources(...patterns: string[]): Source[] {
  return globSync(patterns, { cwd: root })
    .sort()
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')));
}

export function parseSource(path: string, text: string): Source {
  const script = path.endsWith('.astro') ? scriptsOf(text) : text;
  const kind = /\.(ts|js|mjs)$/.test(path) ? ts.ScriptKind.TS : ts.ScriptKind.TSX;
  const tree = ts.createSourceFile(path, script, ts.ScriptTarget.Latest, true, kind);
  return { path, text: script, tree };
}

/** The frontmatter and scripts of an Astro file, with all else blanked, so that lines stay as they are. */
function scriptsOf(text: string): string {
  const code = /^---\n[\s\S]*?\n---|<script[^>]*>[\s\S]*?<\/script>/gm;
  let result = '';
  let end = 0;
  for (const match of text.matchAll(code)) {
    const inner = match[0].replace(/^---|---$|<\/?script[^>]*>/g, (tag) => ' '.repeat(tag.length));
    result += text.slice(end, match.index).replace(/[^\n]/g, ' ') + inner;
    end = match.index + match[0].length;
  }
  return result;
}

/** Everything that a file imports: statically, dynamically, by type, or as a worker's address. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const { text } = specifier;
    const target = text.startsWith('.') ? posix.join(dirname(source.path), text) : text;
    found.push({ target, typeOnly, node: specifier });
  };
  visit(source.tree, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    } else if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
      if (node.arguments?.[1]?.getText() === 'import.meta.url') add(node.arguments[0], false);
    }
  });
  return found;
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  return (
    !name &&
    !!namedBindings &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.length > 0 &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** `src/sim/clock.ts:12: what is wrong there`. */
export function at(source: Source, node: ts.Node, wrong: string): string {
  const { line } = source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree));
  return `${source.path}:${line + 1}: ${wrong}`;
}
