import { Show } from 'solid-js';
import type { Findings } from '../../experiment/findings.ts';
import type { Operation } from '../../grading/operation.ts';
import type { ExperimentResult } from '../../session/experiment-protocol.ts';
import type { Instant } from '../../sim/instant.ts';
import type { ColumnId } from './MatrixBoard.tsx';
import { Shown } from './Shown.tsx';
import {
  availability,
  captains,
  commitTime,
  losses,
  type Measured,
  register,
} from './verdict-words.ts';

function measuredIn(found: Findings, column: ColumnId): Measured | null {
  switch (column) {
    case 'time':
      return null;
    case 'frozen':
      return availability(found, 1);
    case 'cut':
      return availability(found, 2);
    case 'lost':
      return losses(found);
    case 'captains':
      return captains(found);
    case 'primary':
      return register(found.atThePrimary, null);
    case 'anywhere':
      return register(found.anywhere, found.stale);
  }
}

/** Which operations show it. */
function namedIn(
  { atThePrimary, anywhere, lost }: Findings,
  column: ColumnId,
): readonly Operation[] {
  if (column === 'lost') return lost?.slice(0, 1) ?? [];
  const verdict = column === 'primary' ? atThePrimary : column === 'anywhere' ? anywhere : null;
  return verdict?.kind === 'anomaly' ? verdict.operations : [];
}

/** What was measured in one cell, and whether the reader had expected it. */
export function MatrixCell(props: {
  result: ExperimentResult;
  column: ColumnId;
  /** Null where nothing is predicted. */
  expected: boolean | null;
  show: () => void;
}) {
  const measured = () => measuredIn(props.result.findings, props.column);
  return (
    <Show when={measured()} fallback={<span>{commitTime(props.result.findings)}</span>}>
      {(cell) => (
        <>
          <button type="button" class="cell" data-good={cell().good} onClick={props.show}>
            {cell().text}
          </button>
          <Show when={props.expected !== null}>
            <span class="said" data-right={props.expected === cell().good}>
              {props.expected === cell().good ? 'as you said' : 'not as you said'}
            </span>
          </Show>
        </>
      )}
    </Show>
  );
}

/** A cell told in sentences, below the table. */
export function MatrixDetail(props: {
  result: ExperimentResult;
  column: ColumnId;
  open: (at: Instant) => void;
}) {
  const { configuration, findings } = props.result;
  return (
    <Show when={measuredIn(findings, props.column)}>
      {(cell) => (
        <Shown
          open={props.open}
          result={props.result}
          title={`${configuration.name}: ${cell().text}`}
          words={cell().words}
          at={cell().at}
          named={namedIn(findings, props.column)}
        />
      )}
    </Show>
  );
}
