import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { projectRoot } from './project.ts';

interface Edit {
  readonly module: string;
  readonly imports: string;
  /** Each is found exactly as often as the list says it, else the build fails: Monaco is another one than was looked at. */
  readonly replace: readonly (readonly [from: string, to: string])[];
}

/**
 * Monaco writes style attributes and style elements, which the site's Content-Security-Policy refuses. Rather than weaken the
 * policy, two of its modules are changed as they are bundled, so that they set the same styles through the CSSOM.
 */
const EDITS: readonly Edit[] = [
  {
    module: 'vs/base/browser/domStylesheets.js',
    imports: 'styleElement',
    replace: [["const style = document.createElement('style');", 'const style = styleElement();']],
  },
  {
    module: 'vs/editor/browser/view/viewLayer.js',
    imports: 'applyStyles, withoutStyles',
    replace: [
      [
        'this._domNode.innerHTML = newLinesHTML;',
        'this._domNode.innerHTML = withoutStyles(newLinesHTML);',
      ],
      [
        "lastChild.insertAdjacentHTML('afterend', newLinesHTML);",
        "lastChild.insertAdjacentHTML('afterend', withoutStyles(newLinesHTML));",
      ],
      [
        'let currChild = this._domNode.lastChild;',
        'applyStyles(this._domNode); let currChild = this._domNode.lastChild;',
      ],
      [
        'hugeDomNode.innerHTML = invalidLinesHTML;',
        'hugeDomNode.innerHTML = withoutStyles(invalidLinesHTML); applyStyles(hugeDomNode);',
      ],
    ],
  },
];

/** What a style sheet of Monaco becomes: a module that adds it to the document. */
const SHEET = '.css.js';
const isMonaco = (id: string | undefined) => id?.includes('/monaco-editor/') === true;

const helpers = join(projectRoot, 'src/ui/editor/strict-styles.ts');

/**
 * Makes Monaco keep to a policy without `unsafe-inline`. Its style sheets become modules as well: Astro counts the sheets of a
 * script that is loaded later as nobody's, and leaves them out.
 */
export const strictMonaco = (): Plugin => ({
  name: 'strict-monaco',
  apply: 'build',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!isMonaco(importer) || !importer || !source.endsWith('.css')) return null;
    return `${join(dirname(importer), source)}.js`;
  },
  load(id) {
    return isMonaco(id) && id.endsWith(SHEET) ? sheetModule(id.slice(0, -'.js'.length)) : null;
  },
  transform(code, id) {
    const edit = EDITS.find(({ module }) => isMonaco(id) && id.endsWith(module));
    if (!edit) return null;
    const changed = edit.replace.reduce((text, [from, to]) => {
      const parts = text.split(from);
      if (parts.length !== 2) {
        throw new Error(
          `${edit.module} has "${from}" ${parts.length - 1} times, not once: look at what this version of Monaco does, and at src/cli/strict-monaco.ts`,
        );
      }
      return parts.join(to);
    }, code);
    return {
      code: `import { ${edit.imports} } from ${JSON.stringify(helpers)};\n${changed}`,
      map: null,
    };
  },
});

/** Addresses in a constructed sheet are relative to the page, so files get theirs from the bundler. */
function sheetModule(path: string): string {
  const imports: string[] = [];
  const css = readFileSync(path, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/url\(["']?(\.[^"')?]+)[^"')]*["']?\)/g, (_, file: string) => {
      imports.push(`${join(dirname(path), file)}?url`);
      return `url("\u0000${imports.length - 1}")`;
    });
  const text = imports.reduce(
    (source, _, i) => source.replace(`\\u0000${i}`, `" + file${i} + "`),
    JSON.stringify(css),
  );
  return [
    `import { styleElement } from ${JSON.stringify(helpers)};`,
    ...imports.map((file, i) => `import file${i} from ${JSON.stringify(file)};`),
    `styleElement().textContent = ${text};`,
  ].join('\n');
}
