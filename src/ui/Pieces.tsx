import { For, Show } from 'solid-js';
import type { Line } from './result/printed.ts';
import { type Piece, visible } from './visible-text.ts';

/** Server text on the page: marks for what has no glyph; never markup, whatever it says. */
export function Pieces(props: { of: readonly Piece[] }) {
  return (
    <For each={props.of}>
      {(piece) => {
        if (piece.kind === 'text') return piece.text;
        if (piece.kind === 'null') return <span class="null">NULL</span>;
        return (
          <span class="control" title={piece.name}>
            {piece.text}
          </span>
        );
      }}
    </For>
  );
}

export function ServerText(props: { text: string }) {
  return (
    <For each={props.text.split('\n')}>
      {(line, i) => (
        <>
          <Show when={i() > 0}>{'\n'}</Show>
          <Pieces of={visible(line)} />
        </>
      )}
    </For>
  );
}

export function Lines(props: { of: readonly Line[] }) {
  return (
    <For each={props.of}>
      {(line) => (
        <>
          <Pieces of={line} />
          {'\n'}
        </>
      )}
    </For>
  );
}
