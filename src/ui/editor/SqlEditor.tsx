import { PlainField } from './PlainField.tsx';
import type { SqlEditorProps } from './sql-editor.ts';

/** A field for SQL. */
export function SqlEditor(props: SqlEditorProps) {
  return <PlainField {...props} />;
}
