import { expect, test } from 'vitest';
import { crc32c } from '../../../src/postgres/wal/crc32c.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test("the check value of CRC-32C's definition, and RFC 3720's examples", () => {
  expect(crc32c(text('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
});

test('goes on from the bytes before', () => {
  expect(crc32c(text('6789'), crc32c(text('12345')))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array())).toBe(0);
});
