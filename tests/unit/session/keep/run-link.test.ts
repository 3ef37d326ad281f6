import { describe, expect, test } from 'vitest';
import { crc32c } from '../../../../src/postgres/wal/crc32c.ts';
import { LINK_MARK } from '../../../../src/session/keep/link-mark.ts';
import { linkTo, MAX_LINK, readLink } from '../../../../src/session/keep/run-link.ts';
import type { RecordedAction, RunRecord } from '../../../../src/session/protocol.ts';
import { parseRunFile } from '../../../../src/session/run-file-schema.ts';
import { type Instant, instant, NEVER } from '../../../../src/sim/instant.ts';
import { Prng } from '../../../../src/sim/prng.ts';

const parse = async (text: string) => parseRunFile(text);
const read = (fragment: string) => readLink(fragment, parse);

const SQL = [
  "insert into payments values (1, 'tea', 4.20);",
  'select count(*) from payments;',
  "select '<img src=x onerror=alert(1)>', E'\\x1b[2J', '\u202e\u0000', '🐘';",
  'set synchronous_commit = remote_apply;',
];

/** A run as somebody might have made it, from a seed. */
function someRun(seed: number): RunRecord {
  const random = Prng.seeded(seed);
  const pick = <T>(from: readonly T[]) => from[random.below(from.length)] as T;
  const node = () => pick(['primary', 'standby1', 'standby2']);
  let at = 0;
  const actions = Array.from({ length: random.below(30) }, (): RecordedAction => {
    at += random.below(2_000_000);
    const kinds: readonly RecordedAction['action'][] = [
      { kind: 'sql', node: node(), session: 'a', sql: pick(SQL) },
      { kind: 'cancel', node: node(), session: 'b' },
      { kind: 'freeze', node: node(), process: 'walreceiver' },
      { kind: 'fsync', node: node(), time: NEVER },
      { kind: 'bandwidth', a: 'primary', b: 'standby1', bytesPerSecond: Number.POSITIVE_INFINITY },
      { kind: 'powerOff', node: node() },
    ];
    return { at: instant(at), action: pick(kinds) };
  });
  const spec =
    random.below(2) === 0
      ? { lab: 'stuck-commits', version: 1 + random.below(3), seed }
      : { nodes: ['primary', 'standby1', 'standby2'], settings: {}, seed, setup: SQL.slice(0, 2) };
  return { version: 1, spec, actions, until: instant(at + random.below(1_000_000)) };
}

async function deflated(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return packed(Buffer.from(await new Response(stream).arrayBuffer()));
}

const packed = (bytes: Buffer): string =>
  `${LINK_MARK}1.${crc32c(bytes).toString(36)}.${bytes.toString('base64url')}`;

test('two hundred runs come back from their links as they were, at their moment', async () => {
  for (let seed = 0; seed < 200; seed++) {
    const record = someRun(seed);
    const at = Math.floor(record.until / 2) as Instant;
    const fragment = await linkTo({ of: 'durability', at, record });
    expect(fragment).toMatch(/^#run=1\.[a-z0-9]+\.[\w-]+$/);
    expect(await read(fragment)).toEqual({ of: 'durability', at, record });
  }
});

test('a link is much shorter than the run in it', async () => {
  const actions = Array.from({ length: 60 }, (_, i) => ({
    at: instant(i * 731_000),
    action: { kind: 'sql', node: 'primary', session: 'a', sql: SQL[i % 2] as string } as const,
  }));
  const record = { ...someRun(1), actions, until: instant(60_000_000) };
  expect((await linkTo({ of: 'durability', at: instant(0), record })).length).toBeLessThan(1_500);
});

test('a moment outside of the run is the end of the run that is nearer', async () => {
  const record = { ...someRun(3) };
  const late = await linkTo({ of: 'x', at: instant(record.until + 1), record });
  expect((await read(late)).at).toBe(record.until);
});

describe('a link that opens nothing is refused in words', () => {
  const link = linkTo({ of: 'durability', at: instant(0), record: someRun(7) });

  test('cut anywhere', async () => {
    const whole = await link;
    for (let length = LINK_MARK.length; length < whole.length; length++)
      await expect(read(whole.slice(0, length))).rejects.toThrow(/damaged|version/);
  });

  test('changed in any place', async () => {
    const whole = await link;
    for (let i = whole.lastIndexOf('.') + 1; i < whole.length; i += 7) {
      const other = whole[i] === 'A' ? 'B' : 'A';
      const changed = whole.slice(0, i) + other + whole.slice(i + 1);
      await expect(read(changed)).rejects.toThrow('damaged');
    }
  });

  test.each([
    ['another version', '#run=2.abc.AAAA', /of version 2, and this page reads version 1/],
    ['a version with script in it', '#run=<script>.a.AAAA', /of version unknown/],
    ['nothing in it', '#run=', /damaged/],
    ['script in it', '#run=1.x.<img src=x onerror=alert(1)>', /damaged/],
    ['too long', `#run=1.x.${'A'.repeat(MAX_LINK)}`, /8,009 characters.*at most 8,000/],
  ])('%s', async (_, fragment, words) => {
    await expect(read(fragment)).rejects.toThrow(words);
  });

  test('bytes that are not deflated', async () => {
    await expect(read(packed(Buffer.from('not deflated')))).rejects.toThrow(/unpacked/);
  });

  test('bytes that are not text', async () => {
    const stream = new Blob([Uint8Array.of(0xff, 0xfe)]).stream();
    const bytes = await new Response(
      stream.pipeThrough(new CompressionStream('deflate-raw')),
    ).arrayBuffer();
    await expect(read(packed(Buffer.from(bytes)))).rejects.toThrow(/unpacked/);
  });

  test('a few bytes that unpack to many', async () => {
    const bomb = await deflated(' '.repeat(5_000_000));
    expect(bomb.length).toBeLessThan(MAX_LINK);
    await expect(read(bomb)).rejects.toThrow(/more than 500,000 bytes/);
  });

  test.each([
    ['no JSON', 'hello', /holds no run/],
    ['null', 'null', /holds no run/],
    ['no figure', '{"at":0,"run":{}}', /holds no run/],
    ['no moment', '{"of":"durability","at":"<b>","run":{}}', /holds no run/],
    ['no run', '{"of":"durability","at":0}', /cannot be opened.*Not a run/],
    [
      'a run of another version',
      '{"of":"durability","at":0,"run":{"format":"standby run","record":{"version":2}}}',
      /cannot be opened.*format version 2/,
    ],
    [
      'a prototype in place of a run',
      '{"of":"durability","at":0,"run":{"__proto__":{"format":"standby run"},"record":{}}}',
      /cannot be opened/,
    ],
  ])('%s', async (_, text, words) => {
    await expect(read(await deflated(text))).rejects.toThrow(words);
  });
});
