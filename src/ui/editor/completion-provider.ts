import { type CompletionKind, completionsAt } from './completion.ts';
import { type editor, languages } from './monaco.ts';
import { postgresWords } from './postgres-words.ts';
import type { Schema } from './sql-editor.ts';

const { CompletionItemKind: Kind } = languages;
const KINDS: Readonly<Record<CompletionKind, languages.CompletionItemKind>> = {
  column: Kind.Field,
  relation: Kind.Struct,
  function: Kind.Function,
  setting: Kind.Property,
  keyword: Kind.Keyword,
};

const schemas = new WeakMap<editor.ITextModel, () => Promise<Schema | null>>();
let registered = false;

/** Completes in a text from PostgreSQL's own names and those of a schema. Returns what ends it. */
export function completeFrom(
  model: editor.ITextModel,
  schema: () => Promise<Schema | null>,
): () => void {
  schemas.set(model, schema);
  if (!registered) languages.registerCompletionItemProvider('pgsql', provider);
  registered = true;
  return () => schemas.delete(model);
}

const provider: languages.CompletionItemProvider = {
  triggerCharacters: ['.', '\\'],
  async provideCompletionItems(model, position) {
    const own = schemas.get(model);
    if (!own) return { suggestions: [] };
    const [words, schema] = await Promise.all([postgresWords(), own()]);
    const { from, items } = completionsAt(model.getValue(), model.getOffsetAt(position), [
      ...(schema ? [schema] : []),
      words,
    ]);
    const start = model.getPositionAt(from);
    const range = {
      startLineNumber: start.lineNumber,
      startColumn: start.column,
      endLineNumber: position.lineNumber,
      endColumn: position.column,
    };
    return {
      suggestions: items.map(({ label, kind, detail, about, rank }) => ({
        label: { label, description: detail },
        kind: KINDS[kind],
        insertText: label,
        filterText: label,
        sortText: `${rank}${label}`,
        range,
        ...(about === '' ? {} : { documentation: about }),
      })),
    };
  },
};
