// Our marks in a mail: what is added, and that nothing else changes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markJsonMessage, markMime } from '../../../shared/domain/content/marking.ts';
import { MARK_HEADER, MARK_PROPERTY } from '../../../shared/domain/doubt/marks.ts';

const marks = { id: 'abc', internetMessageId: '<abc@contoso.com>', callerSetMessageId: false };
const header = (name: string) => ({ name, value: 'v' });

describe('a JSON message', () => {
  test('gets Message-ID, property and header', () => {
    expect(markJsonMessage({ subject: 's' }, marks)).toEqual({
      subject: 's',
      internetMessageId: '<abc@contoso.com>',
      singleValueExtendedProperties: [{ id: MARK_PROPERTY, value: 'abc' }],
      internetMessageHeaders: [{ name: MARK_HEADER, value: 'abc' }],
    });
  });

  test('keeps its own properties and headers, and gets no sixth header', () => {
    const property = { id: 'Integer 0x36', value: '1' };
    const four = ['x-a', 'x-b', 'x-c', 'x-d'].map(header);
    const marked = markJsonMessage({ singleValueExtendedProperties: [property], internetMessageHeaders: four }, marks);
    expect(marked['singleValueExtendedProperties']).toEqual([property, { id: MARK_PROPERTY, value: 'abc' }]);
    expect(marked['internetMessageHeaders']).toEqual([...four, { name: MARK_HEADER, value: 'abc' }]);
    const five = [...four, header('x-e')];
    expect(markJsonMessage({ internetMessageHeaders: five }, marks)['internetMessageHeaders']).toEqual(five);
  });

  test('is not changed itself', () => {
    const message = Object.freeze({ subject: 's', internetMessageHeaders: Object.freeze([header('x-a')]) });
    expect(markJsonMessage(message as never, marks)).not.toBe(message);
  });
});

describe('a MIME message', () => {
  const marked = (mime: string, callerSetMessageId = false) =>
    Buffer.from(markMime(Buffer.from(mime), { ...marks, callerSetMessageId })).toString();

  test('gets header lines on top, with its own line ending', () => {
    expect(marked('To: a\r\n\r\nx')).toBe(`${MARK_HEADER}: abc\r\nMessage-ID: <abc@contoso.com>\r\nTo: a\r\n\r\nx`);
    expect(marked('To: a\n\nx\r\n')).toBe(`${MARK_HEADER}: abc\nMessage-ID: <abc@contoso.com>\nTo: a\n\nx\r\n`);
    expect(marked('To: a')).toBe(`${MARK_HEADER}: abc\r\nMessage-ID: <abc@contoso.com>\r\nTo: a`);
  });

  test("keeps its caller's Message-ID as the only one", () => {
    expect(marked('Message-ID: <4711@contoso.com>\r\n', true)).toBe(`${MARK_HEADER}: abc\r\nMessage-ID: <4711@contoso.com>\r\n`);
  });

  test('has not a byte below them changed, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, callerSetMessageId) => {
        const after = markMime(bytes, { ...marks, callerSetMessageId });
        expect(after.subarray(after.length - bytes.length)).toEqual(bytes);
        const top = Buffer.from(after.subarray(0, after.length - bytes.length)).toString();
        expect(top).toMatch(
          callerSetMessageId ? /^x-send-request-id: abc\r?\n$/ : /^x-send-request-id: abc\r?\nMessage-ID: <abc@contoso.com>\r?\n$/,
        );
      }),
      { seed: 20_260_804, numRuns: 300 },
    );
  });
});
