/** What an editor can say of a text in a language of its own. Offsets count UTF-16 units. */
export interface TextHelp {
  /** What may be written at an offset. `from`: where what has been typed of it begins. */
  complete(
    text: string,
    offset: number,
  ): { readonly from: number; readonly suggestions: readonly TextSuggestion[] };
  /** What stands at an offset, and its place; null where there is nothing to be said. */
  explain(
    text: string,
    offset: number,
  ): { readonly from: number; readonly to: number; readonly words: string } | null;
}

export interface TextSuggestion {
  readonly label: string;
  readonly insert: string;
  readonly kind: 'key' | 'value';
  readonly detail: string;
  readonly about: string;
}
