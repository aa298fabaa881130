// The caps of one mail: each has its error, which names the number, and what a packed body may unpack to grows with it.
import { expect, test } from 'vitest';
import {
  contentProblems,
  MAXIMUM_ATTACHMENTS,
  MAXIMUM_MIME_PARTS,
  MAXIMUM_UNPACKED_RATIO,
  unpackedLimit,
} from '../../../shared/domain/content/content-limits.ts';

test.each([
  ['attachments', contentProblems.attachments(251), 413, 'has 251 attachments; Exchange Online takes at most 250'],
  ['parts', contentProblems.mimeParts(), 413, 'more than 250 parts'],
  ['nested multiparts', contentProblems.mimeDepth(), 400, 'deeper than 100 levels'],
  ['bytes of the header', contentProblems.headerBytes(), 400, 'larger than 262144 bytes'],
  ['nested JSON', contentProblems.jsonDepth(), 400, 'deeper than 100 levels'],
  ['values of JSON', contentProblems.jsonValues(), 400, 'more than 30000 values'],
  ['unpacked bytes', contentProblems.unpacked(5), 413, 'more than 5 bytes, 100 times its packed size'],
  ['memory', contentProblems.memory(), 413, 'more memory'],
])('%s', (_, problem, status, words) => {
  expect(problem).toMatchObject({ status, message: expect.stringContaining(words) });
});

test('a packed body may unpack to a megabyte, or to a hundred times its size, and never beyond the limit of any body', () => {
  expect(unpackedLimit(10, 5_000_000)).toBe(1_048_576);
  expect(unpackedLimit(20_000, 5_000_000)).toBe(20_000 * MAXIMUM_UNPACKED_RATIO);
  expect(unpackedLimit(90_000, 5_000_000)).toBe(5_000_000);
});

test('what MIME is taken apart into has no more attachments than a message may have', () => {
  expect(MAXIMUM_MIME_PARTS).toBeLessThanOrEqual(MAXIMUM_ATTACHMENTS);
});
