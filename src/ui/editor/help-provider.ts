import { type editor, languages } from './monaco.ts';
import type { TextHelp } from './text-help.ts';

const { CompletionItemKind: Kind } = languages;
const KINDS = { key: Kind.Property, value: Kind.Value } as const;

const helps = new WeakMap<editor.ITextModel, () => Promise<TextHelp>>();
const registered = new Set<string>();

/** Completes and explains in a text by what its help knows. Returns what ends it. */
export function helpWith(model: editor.ITextModel, help: () => Promise<TextHelp>): () => void {
  helps.set(model, help);
  const language = model.getLanguageId();
  if (!registered.has(language)) {
    registered.add(language);
    languages.registerCompletionItemProvider(language, completion);
    languages.registerHoverProvider(language, hover);
  }
  return () => helps.delete(model);
}

const completion: languages.CompletionItemProvider = {
  triggerCharacters: [' '],
  async provideCompletionItems(model, position) {
    const help = await helps.get(model)?.();
    if (!help) return { suggestions: [] };
    const { from, suggestions } = help.complete(model.getValue(), model.getOffsetAt(position));
    const start = model.getPositionAt(from);
    const range = {
      startLineNumber: start.lineNumber,
      startColumn: start.column,
      endLineNumber: position.lineNumber,
      endColumn: position.column,
    };
    return {
      suggestions: suggestions.map(({ label, insert, kind, detail, about }) => ({
        label: { label, description: detail },
        kind: KINDS[kind],
        insertText: insert,
        filterText: label,
        range,
        ...(about === '' ? {} : { documentation: about }),
      })),
    };
  },
};

const hover: languages.HoverProvider = {
  async provideHover(model, position) {
    const help = await helps.get(model)?.();
    const said = help?.explain(model.getValue(), model.getOffsetAt(position));
    if (!said) return null;
    const [start, end] = [model.getPositionAt(said.from), model.getPositionAt(said.to)];
    return {
      range: {
        startLineNumber: start.lineNumber,
        startColumn: start.column,
        endLineNumber: end.lineNumber,
        endColumn: end.column,
      },
      contents: [{ value: said.words }],
    };
  },
};
