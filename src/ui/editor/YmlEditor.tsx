import type { Problem } from '../../ha/patroni-yml/problem.ts';
import { SqlEditor } from './SqlEditor.tsx';
import type { TextHelp } from './text-help.ts';

/** What is known of its keys; fetched when Monaco asks for it. */
const help = async (): Promise<TextHelp> => {
  const { explanationAt, suggestionsAt } = await import('../../ha/patroni-yml/help.ts');
  return { complete: suggestionsAt, explain: explanationAt };
};

/** A field for patroni.yml, as that for SQL is: problems at their places, keys to complete, a line on each. */
export function YmlEditor(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** Ctrl+Enter. */
  onRun: () => void;
  problems: readonly Problem[];
  /** Lines to make room for. */
  rows: number;
}) {
  return (
    <SqlEditor
      language="yaml"
      label={props.label}
      value={props.value}
      onChange={props.onChange}
      onRun={() => props.onRun()}
      markers={props.problems}
      help={help}
      rows={props.rows}
    />
  );
}
