// Attachments apart from their message: sizes, ranges and base64, whatever they were made from; and what of a message fits.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  attachmentJson,
  attachmentLength,
  attachmentOf,
  callsFor,
  fileAttachment,
  isSmall,
  uploadItem,
} from '../../../shared/domain/content/attachment.ts';
import { decodeMimeBase64 } from '../../../shared/domain/content/base64.ts';
import { divide, divideJson } from '../../../shared/domain/content/division.ts';
import { MAXIMUM_REQUEST_BYTES, RANGE_BYTES, SMALL_ATTACHMENT_BYTES } from '../../../shared/domain/content/graph-limits.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const FILE = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'a.bin' };
const posted = (contentBytes: unknown) => fileAttachment({ ...FILE, contentBytes });

describe('a file that was posted', () => {
  test('has the bytes of its base64, whole and in ranges, blanks or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(100), fc.boolean(), (bytes, a, b, wrapped) => {
        const text = wrapped ? base64(bytes).replace(/(.{5})/g, '$1\r\n ') : base64(bytes);
        const file = posted(text);
        const [from, to] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
        expect(file?.size).toBe(bytes.length);
        expect(Buffer.from(file?.bytes(from, to) as Uint8Array)).toEqual(Buffer.from(bytes.subarray(from, to)));
        expect(file?.base64()).toBe(base64(bytes));
      }),
      { seed: 20_261_121, numRuns: 300 },
    );
  });

  test('is shown with it again, and is none without it', () => {
    expect(attachmentJson(posted('SGk=') as never)).toEqual({ ...FILE, contentBytes: 'SGk=' });
    for (const none of [undefined, null, 5]) expect(posted(none)).toBeUndefined();
  });
});

test('a part of a message that was taken apart has its bytes in ranges, and its base64', () => {
  const content = Uint8Array.from({ length: 10 }, (_, i) => i);
  const file = attachmentOf({ properties: { name: 'a' }, content });
  expect([...file.bytes(0, 4), ...file.bytes(4, 8), ...file.bytes(8, 10)]).toEqual([...content]);
  expect([file.size, file.base64(), file.properties]).toEqual([10, base64(content), { name: 'a' }]);
});

test('small ones take one call, large ones a session and a call for each range', () => {
  const sized = (size: number) => attachmentOf({ properties: { name: 'a' }, content: new Uint8Array(size) });
  expect(
    [sized(SMALL_ATTACHMENT_BYTES - 1), sized(SMALL_ATTACHMENT_BYTES), sized(RANGE_BYTES + 1)].map((file) => [
      isSmall(file),
      callsFor(file),
    ]),
  ).toEqual([
    [true, 1],
    [false, 2],
    [false, 3],
  ]);
});

test('an upload session is told what there is to tell', () => {
  const file = attachmentOf({ properties: { name: 'a', contentType: null, isInline: true, contentId: 'c' }, content: new Uint8Array(5) });
  expect(uploadItem(file)).toEqual({ AttachmentItem: { attachmentType: 'file', size: 5, name: 'a', isInline: true, contentId: 'c' } });
});

test('the length of an attachment in JSON is not underestimated', () => {
  const file = attachmentOf({ properties: { name: 'ä€' }, content: new Uint8Array(1_000) });
  expect(attachmentLength(file)).toBeGreaterThanOrEqual(Buffer.byteLength(`${JSON.stringify(attachmentJson(file))},`));
});

describe('a message that is divided', () => {
  const item = { '@odata.type': '#microsoft.graph.itemAttachment', name: 'i', item: {} };

  test('keeps its items, and those files that there is room for', () => {
    const attachments = [item, { ...FILE, contentBytes: base64(new Uint8Array(3_200_000)) }, { ...FILE, contentBytes: 'SGk=' }];
    const division = divideJson({ subject: 'S', attachments }, 0);
    expect(division?.message).toEqual({ subject: 'S', attachments: [item, { ...FILE, contentBytes: 'SGk=' }] });
    expect(division?.attachments.map(({ size }) => size)).toEqual([3_200_000]);
  });

  test('has no empty list, and is none where even the rest is too large', () => {
    expect(divideJson({ subject: 'S' }, 0)).toEqual({ message: { subject: 'S' }, attachments: [] });
    expect(divide({ message: {}, items: [], files: [], beside: MAXIMUM_REQUEST_BYTES })).toBeUndefined();
  });
});

describe('base64 in MIME', () => {
  test.each([
    ['SGVsbG8=', 'Hello'],
    ['SGVs\r\nbG8=\r\n', 'Hello'],
    ['SGVsbG8', 'Hello'],
    ['SGVsbA', 'Hell'],
    ['SGVsbA==SGk=', 'HellHi'],
    ['S!G"V s', 'Hel'],
    ['', ''],
  ])('%j is %j', (text, expected) => {
    expect(Buffer.from(decodeMimeBase64(Buffer.from(text))).toString()).toBe(expected);
  });
});
