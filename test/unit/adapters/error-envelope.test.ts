// An error's body: only Graph's own envelope has a code, and what is nearly one has none, so that nothing is final by mistake.
import { describe, expect, test } from 'vitest';
import { readErrorEnvelope } from '../../../shared/adapters/graph/error-envelope.ts';

const read = (text: string) => readErrorEnvelope(Buffer.from(text));
const CODE = 'ErrorInvalidRecipients';

describe('has a code and a message', () => {
  test.each([
    ['in the documented form', `{"error":{"code":"${CODE}","message":"No.","innerError":{"date":"2026-01-15T08:00:00","request-id":"1"}}}`],
    [
      'with the inner error in the other case',
      `{"error":{"code":"${CODE}","message":"No.","${'innerError'.toLowerCase()}":{"code":"429"}}}`,
    ],
    ['with a byte order mark', `\uFEFF{"error":{"code":"${CODE}","message":"No."}}`],
    ['with white space around it', `\r\n {"error" : {"code" : "${CODE}", "message" : "No."}} \n`],
    ['with a message that quotes JSON', `{"error":{"code":"${CODE}","message":"No.","detail":"{\\"code\\":\\"x\\"}"}}`],
  ])('%s', (_name, text) => {
    expect(read(text)).toEqual({ code: CODE, message: 'No.' });
  });
});

describe('has no code', () => {
  test.each([
    ['nothing', ''],
    ['HTML of a gateway', '<html><head><title>400 Bad Request</title></head></html>'],
    ['JSON that breaks off', `{"error":{"code":"${CODE}","mess`],
    ['null', 'null'],
    ['a list', `[{"error":{"code":"${CODE}"}}]`],
    ['a text', `"${CODE}"`],
    ['no error', `{"code":"${CODE}"}`],
    ['an error that is a text, as OAuth has it', `{"error":"${CODE}"}`],
    ['an error that is a list', `{"error":["${CODE}"]}`],
    ['an error that is null', '{"error":null}'],
    ['a code in the inner error alone', `{"error":{"innerError":{"code":"${CODE}"}}}`],
    ['a code that is a number', '{"error":{"code":400}}'],
    ['a code that is an object', `{"error":{"code":{"value":"${CODE}"}}}`],
    ['a code that is empty', '{"error":{"code":""}}'],
    ['names in upper case', `{"ERROR":{"CODE":"${CODE}"}}`],
    ['a code twice', `{"error":{"code":"UnknownError","code":"${CODE}"}}`],
    ['an error twice', `{"error":{"code":"UnknownError"},"error":{"code":"${CODE}"}}`],
    ['UTF-16', Buffer.from(`{"error":{"code":"${CODE}"}}`, 'utf16le').toString('latin1')],
  ])('%s', (_name, text) => {
    expect(read(text).code).toBeUndefined();
  });

  test('bytes that are no UTF-8', () => {
    expect(
      readErrorEnvelope(Buffer.concat([Buffer.from(`{"error":{"code":"${CODE}","message":"`), Buffer.from([0xff, 0x22, 0x7d, 0x7d])])),
    ).toEqual({});
  });
});

test('a message of another type is left out, and a long one is cut', () => {
  expect(read(`{"error":{"code":"${CODE}","message":{"value":"No."}}}`)).toEqual({ code: CODE });
  expect(read(`{"error":{"code":"${CODE}","message":"${'x'.repeat(5_000)}"}}`).message).toHaveLength(2_048);
});
