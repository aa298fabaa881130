// The zip of the package: read back as it was, and the same bytes wherever and whenever it is made.
import { afterEach, expect, test } from 'vitest';
import { zip } from '../../../scripts/zip.ts';
import { unzip } from '../../support/unzip.ts';

const FILES = [
  { name: 'host.json', bytes: Buffer.from('{"version":"2.0"}') },
  { name: 'dist/main.cjs', bytes: Buffer.alloc(100_000, 'module.exports = {};\n') },
];
const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

test('what is packed is unpacked', () => {
  expect([...unzip(zip(FILES))].map(([name, bytes]) => ({ name, bytes }))).toEqual(FILES);
});

test.each(['America/Los_Angeles', 'Asia/Kolkata'])('in the time zone %s the bytes are the same as in UTC', (other) => {
  process.env['TZ'] = 'UTC';
  const there = zip(FILES);
  process.env['TZ'] = other;
  expect(zip(FILES).equals(there)).toBe(true);
});
