import { parseRecord, type RecordLine, type SeenRole } from '../../ha/patroni-record.ts';

/** A stretch of a lane, in seconds since the first step. */
export interface Stretch<T> {
  readonly is: T;
  readonly from: number;
  readonly to: number;
}

/** What a record of a real Patroni shows, ready to be drawn. */
export interface RecordedLanes {
  readonly versions: {
    readonly patroni: string;
    readonly postgresql: string;
    readonly etcd: string;
  };
  readonly what: string;
  /** In seconds. */
  readonly end: number;
  readonly nodes: readonly { readonly node: string; readonly seen: readonly Stretch<SeenRole>[] }[];
  readonly holder: readonly Stretch<string | null>[];
  readonly steps: readonly { readonly at: number; readonly words: string }[];
  /** Lines of Patroni's log, as asked for. */
  readonly said: readonly { readonly at: number; readonly node: string; readonly text: string }[];
}

/**
 * Reads a record.
 * @param quotes beginnings of the lines to quote, each of a node or of whoever says it first.
 * @throws where the record has no such line: a page must not quote what was not said.
 */
export function recordedLanes(
  text: string,
  quotes: readonly { readonly node?: string; readonly begins: string }[],
): RecordedLanes {
  const { head, lines } = parseRecord(text);
  const end = (lines.at(-1)?.at ?? 0) / 1000;
  const nodes = [...new Set(lines.flatMap((line) => (line.kind === 'seen' ? [line.node] : [])))];
  const stretchesOf = <T>(points: readonly { readonly at: number; readonly is: T }[]) =>
    points.map(({ at, is }, index) => ({
      is,
      from: at / 1000,
      to: (points[index + 1]?.at ?? end * 1000) / 1000,
    }));
  return {
    ...{ versions: head.versions, what: head.what, end },
    nodes: nodes.sort().map((node) => ({
      node,
      seen: stretchesOf(
        lines.flatMap((line) =>
          line.kind === 'seen' && line.node === node ? [{ at: line.at, is: line.role }] : [],
        ),
      ),
    })),
    holder: stretchesOf(
      lines.flatMap((line) => (line.kind === 'dcs' ? [{ at: line.at, is: line.leader }] : [])),
    ),
    steps: lines.flatMap((line) =>
      line.kind === 'step' ? [{ at: line.at / 1000, words: stepWords(line.step) }] : [],
    ),
    said: quotes.map((quote) => {
      const found = lines.find((line) => isQuoted(line, quote));
      if (found?.kind !== 'log')
        throw new Error(`the record ${head.schedule} has no line “${quote.begins}”`);
      return { at: found.at / 1000, node: found.node, text: found.text };
    }),
  };
}

const isQuoted = (
  line: RecordLine,
  quote: { readonly node?: string; readonly begins: string },
): boolean =>
  line.kind === 'log' &&
  line.at >= 0 &&
  (quote.node === undefined || quote.node === line.node) &&
  line.text.startsWith(quote.begins);

function stepWords(step: Extract<RecordLine, { kind: 'step' }>['step']): string {
  if ('node' in step) return `${step.do.replaceAll('-', ' ')} ${step.node}`;
  if ('member' in step) return `${step.do.replaceAll('-', ' ')} ${step.member}`;
  if (step.do === 'switchover') return `switchover to ${step.candidate}`;
  if (step.do === 'write') return `write ${step.bytes / 1_000_000} MB`;
  return step.do;
}
