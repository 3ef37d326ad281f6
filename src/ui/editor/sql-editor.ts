import type { TextHelp } from './text-help.ts';

/** A place in the text that something has been said of. Offsets count UTF-16 units, as JavaScript does. */
export interface SqlMarker {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** Names of a node's database that can be completed. */
export interface Schema {
  readonly relations: readonly SchemaRelation[];
  readonly functions: readonly { readonly name: string; readonly arguments: string }[];
  readonly settings: readonly { readonly name: string; readonly about: string }[];
  readonly keywords: readonly string[];
}

export interface SchemaRelation {
  /** Without the schema where the search path finds it. */
  readonly name: string;
  /** As psql says it: `table`, `view`, … */
  readonly kind: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

export interface SqlEditorProps {
  /** Read by screen readers; says whose SQL this is. */
  readonly label: string;
  /** What is written in it; SQL unless it says so. */
  readonly language?: 'yaml';
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Someone wants to run `sql`: what is selected, the statement at the caret, or the whole text. */
  readonly onRun: (sql: string) => void;
  /** Names to complete, besides PostgreSQL's own. Asked for when completion is. */
  readonly schema?: () => Promise<Schema | null>;
  /** What is known of a text that is no SQL. Asked for when completion is, or somebody points at a word. */
  readonly help?: () => Promise<TextHelp>;
  readonly markers?: readonly SqlMarker[];
  readonly placeholder?: string;
  /** Alt+Up and Alt+Down: through what was sent before. */
  readonly onHistory?: (step: -1 | 1) => void;
  /** Ctrl+C with nothing selected. */
  readonly onCancel?: () => void;
  /** Enter at the end of a complete statement runs it, as in psql; else only Ctrl+Enter does. */
  readonly runsOnEnter?: boolean;
  /** What stands before each line of the text. */
  readonly prompts?: (text: string) => readonly string[];
  /** Lines to make room for, at least. */
  readonly rows?: number;
  /** Told once the field is there, and again when another one takes its place. */
  readonly control?: (control: EditorControl) => void;
}

/** What can be done to a field from outside. */
export interface EditorControl {
  selectAll(): void;
}
