/** Routers that the lab's scripts give: its start, its solutions, and what a sensible person tries first. */

const BODY = (lines: readonly string[], before: readonly string[] = []) =>
  [
    ...before,
    'export function route(guest: Guest, nodes: RouterNode[]): string | { waitMs: number } {',
    '  const standbys = nodes.filter((node) => !node.primary);',
    ...lines.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');

const LSN = [
  '/** A position as a number: two halves of 32 bits, in hexadecimal digits. */',
  'function lsn(text: string): number {',
  "  const [high, low] = text.split('/').map((half) => parseInt(half, 16));",
  '  return high * 2 ** 32 + low;',
  '}',
  '',
];

const HAS = [
  ...LSN,
  'const has = (node: RouterNode, position: string | null) =>',
  '  position === null || lsn(node.replayed ?? "0/0") >= lsn(position);',
  '',
];

const TURN = ['let turn = 0;', ''];

export const inTurn = BODY(['return standbys[turn++ % standbys.length].name;'], TURN);

export const lsnBoth = BODY(
  [
    'const fresh = (node: RouterNode) => has(node, guest.wrote) && has(node, guest.saw);',
    "return standbys.find(fresh)?.name ?? 'primary';",
  ],
  HAS,
);

export const waitALittle = BODY(
  [
    'const fresh = standbys.find((node) => has(node, guest.wrote) && has(node, guest.saw));',
    'if (fresh) return fresh.name;',
    "return guest.wroteMsAgo !== null && guest.wroteMsAgo < 40 && guest.waitedMs === 0 ? { waitMs: 2 } : 'primary';",
  ],
  HAS,
);

export const ownStandby = BODY(
  [
    'const own = standbys[guest.number % standbys.length];',
    "return has(own, guest.wrote) && has(own, guest.saw) ? own.name : 'primary';",
  ],
  HAS,
);

export const tableOfBoth = JSON.stringify([
  { if: 'a standby has replayed both', do: 'that standby' },
  { if: 'always', do: 'primary' },
]);

export const startTable = JSON.stringify([{ if: 'always', do: 'any standby' }]);

export const allToPrimary = BODY(["return 'primary';"]);

export const sleepFirst = BODY(
  [
    'if (guest.waitedMs < 500) return { waitMs: 500 };',
    'return standbys[turn++ % standbys.length].name;',
  ],
  TURN,
);

export const pinFor = (ms: number) =>
  BODY(
    [
      `if (guest.wroteMsAgo !== null && guest.wroteMsAgo < ${ms}) return 'primary';`,
      'return standbys[guest.number % standbys.length].name;',
    ],
    TURN,
  );

export const asText = BODY([
  'const fresh = (node: RouterNode) =>',
  "  (node.replayed ?? '') >= (guest.wrote ?? '') && (node.replayed ?? '') >= (guest.saw ?? '');",
  "return standbys.find(fresh)?.name ?? 'primary';",
]);

export const writeOnly = BODY(
  [
    'const fresh = standbys.filter((node) => has(node, guest.wrote));',
    "return fresh.length > 0 ? fresh[turn++ % fresh.length].name : 'primary';",
  ],
  [...HAS, ...TURN],
);

export const pinTable = JSON.stringify([
  { if: 'wrote within', ms: 600, do: 'primary' },
  { if: 'always', do: 'her own standby' },
]);
