// Every error that Graph is known to answer can be provoked: by what is sent, by the state of the mailbox, or, for those without a cause of our own, by a fault.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, mailbox, mimeBody, type Reply, simpleMessage, simpleMime, startClient, to } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const sendMail = (message: unknown, more: Record<string, unknown> = {}) => client.user('POST', '/sendMail', { message, ...more });
const textPlain = (body: string) => client.user('POST', '/sendMail', body);
const headers = (count: number, prefix = 'x-') =>
  Array.from({ length: count }, (_one, number) => ({ name: `${prefix}${number}`, value: 'v' }));
const withState = async (state: 'full' | 'notEnabledForRest' | 'blockedByPolicy' | 'accessDenied' | 'submissionBlocked') => {
  client.emulator.control.putMailbox({ address: mailbox, state });
  return sendMail(simpleMessage());
};
const unknownId = 'A'.repeat(100);

const rows: readonly [string, number, string, () => Promise<Reply>][] = [
  ['empty MIME', 400, 'ErrorMimeContentInvalidBase64String', () => textPlain('')],
  ['MIME that is not base64', 400, 'ErrorMimeContentInvalidBase64String', () => textPlain('From: a@contoso.com')],
  ['base64 with a pad missing', 400, 'ErrorMimeContentInvalidBase64String', () => textPlain('QUJDRA')],
  ['base64 with a pad too many', 400, 'ErrorMimeContentInvalidBase64String', () => textPlain('QUJDRA===')],
  ['URL-safe base64', 400, 'ErrorMimeContentInvalidBase64String', () => textPlain('-_-_')],
  ['base64 of no message', 400, 'ErrorMimeContentInvalid', () => textPlain(Buffer.from('\u0001\u0002 no header here').toString('base64'))],
  ['no recipients', 400, 'ErrorInvalidRecipients', () => sendMail({ subject: 'x' })],
  ['a recipient that is none', 400, 'ErrorInvalidRecipients', () => sendMail(simpleMessage({ toRecipients: to('bad') }))],
  ['MIME without recipients', 400, 'ErrorInvalidRecipients', () => textPlain(mimeBody(['Subject: x', '', 'y']))],
  [
    'too many recipients',
    400,
    'ErrorRecipientLimitExceeded',
    () => sendMail(simpleMessage({ bccRecipients: to(...Array.from({ length: 500 }, (_one, number) => `u${number}@example.com`)) })),
  ],
  ['no message wrapper', 400, 'ErrorInvalidParameter', () => client.user('POST', '/sendMail', simpleMessage())],
  ['an unknown parameter', 400, 'RequestBodyRead', () => sendMail(simpleMessage(), { urgent: true })],
  ['an unknown property', 400, 'RequestBodyRead', () => sendMail(simpleMessage({ colour: 'red' }))],
  ['an unknown nested property', 400, 'RequestBodyRead', () => sendMail(simpleMessage({ body: { content: 'x', kind: 'y' } }))],
  ['a wrong type', 400, 'RequestBodyRead', () => sendMail(simpleMessage({ subject: 5 }))],
  ['an unknown enum member', 400, 'RequestBodyRead', () => sendMail(simpleMessage({ importance: 'urgent' }))],
  ['a boolean as text on an entity', 400, 'RequestBodyRead', () => sendMail(simpleMessage({ isReadReceiptRequested: 'true' }))],
  ['no boolean', 400, 'RequestBodyRead', () => sendMail(simpleMessage(), { saveToSentItems: 'maybe' })],
  [
    'JSON that does not parse',
    400,
    'BadRequest',
    () => client.user('POST', '/sendMail', '{"message":', { 'Content-Type': 'application/json' }),
  ],
  [
    'base64 as application/json',
    400,
    'BadRequest',
    () => client.user('POST', '/sendMail', mimeBody(simpleMime()), { 'Content-Type': 'application/json' }),
  ],
  ['another content type', 415, 'UnsupportedMediaType', () => client.user('POST', '/sendMail', 'x', { 'Content-Type': 'message/rfc822' })],
  [
    'MIME on a folder',
    400,
    'UnableToDeserializePostBody',
    () => client.user('POST', '/mailFolders/drafts/messages', mimeBody(simpleMime())),
  ],
  ['six headers', 400, 'InvalidInternetMessageHeaderCollection', () => sendMail(simpleMessage({ internetMessageHeaders: headers(6) }))],
  [
    'a header without x-',
    400,
    'InvalidInternetMessageHeader',
    () => sendMail(simpleMessage({ internetMessageHeaders: headers(1, 'List-') })),
  ],
  [
    'an attachment without a type',
    400,
    'UnableToDeserializePostBody',
    () => sendMail(simpleMessage({ attachments: [{ name: 'a', contentBytes: 'QQ==' }] })),
  ],
  [
    'an attachment of an unknown type',
    400,
    'RequestBodyRead',
    () => sendMail(simpleMessage({ attachments: [{ '@odata.type': '#microsoft.graph.colourAttachment', name: 'a' }] })),
  ],
  [
    'an attachment with bad base64',
    400,
    'RequestBodyRead',
    () => sendMail(simpleMessage({ attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a', contentBytes: 'Q' }] })),
  ],
  [
    'an attachment without content',
    400,
    'ErrorRequiredPropertyMissing',
    () => sendMail(simpleMessage({ attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a' }] })),
  ],
  [
    'an attachment with empty content',
    400,
    'ErrorRequiredPropertyMissing',
    () => sendMail(simpleMessage({ attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a', contentBytes: '' }] })),
  ],
  ['a malformed id', 400, 'ErrorInvalidIdMalformed', () => client.user('GET', '/messages/x')],
  ['an unknown id', 404, 'ErrorItemNotFound', () => client.user('GET', `/messages/${unknownId}`)],
  ['send of an unknown draft', 404, 'ErrorItemNotFound', () => client.user('POST', `/messages/${unknownId}/send`)],
  [
    'an unknown mailbox',
    404,
    'ErrorInvalidUser',
    () => client.graph('POST', '/users/nobody@contoso.com/sendMail', { message: simpleMessage() }),
  ],
  ['an unknown segment', 400, 'BadRequest', () => client.graph('GET', '/nonsense')],
  ['/me with an application token', 400, 'BadRequest', () => client.graph('POST', '/me/sendMail', { message: simpleMessage() })],
  ['another method', 405, 'ErrorInvalidRequest', () => client.user('PUT', '/sendMail', {})],
  ['what is not played', 501, 'EmulatorNotImplemented', () => client.user('GET', '/events')],
  ['a From without the right', 403, 'ErrorSendAsDenied', () => sendMail(simpleMessage({ from: to('alice@contoso.com')[0] }))],
  ['a full mailbox', 403, 'ErrorQuotaExceeded', () => withState('full')],
  ['a blocked submission', 403, 'ErrorMessageSubmissionBlocked', () => withState('submissionBlocked')],
  ['no access', 403, 'ErrorAccessDenied', () => withState('accessDenied')],
  ['an application access policy', 403, 'ErrorAccessDenied', () => withState('blockedByPolicy')],
  ['a mailbox on premises', 404, 'MailboxNotEnabledForRESTAPI', () => withState('notEnabledForRest')],
  ['the directory without permission', 403, 'Authorization_RequestDenied', () => client.graph('GET', `/users/${mailbox}`)],
  [
    'a change key that has changed',
    412,
    'ErrorIrresolvableConflict',
    async () => {
      const draft = (await client.user('POST', '/messages', { subject: 'a' })).json;
      await client.user('PATCH', `/messages/${draft.id}`, { subject: 'b' });
      return client.user('PATCH', `/messages/${draft.id}`, { subject: 'c' }, { 'If-Match': draft['@odata.etag'] });
    },
  ],
  ['a request beyond 4 MB', 413, 'RequestEntityTooLarge', () => textPlain('A'.repeat(4 * 1024 * 1024 + 4))],
];

test.each(rows)('%s: %i %s, and nothing is stored or sent', async (_name, status, code, provoke) => {
  const { control } = client.emulator;
  const answer = await provoke();
  expect([answer.status, answer.json.error.code]).toEqual([status, code]);
  expect(answer.json.error.message).toBeTruthy();
  await control.settled();
  expect(control.deliveries()).toEqual([]);
  expect(control.mails(mailbox, 'sentitems')).toEqual([]);
});

test('the documented 400 for MIME is exact, down to the missing innerError', async () => {
  expect((await textPlain('...')).text).toBe(
    '{"error":{"code":"ErrorMimeContentInvalidBase64String","message":"Invalid base64 string for MIME content."}}',
  );
});

test('errors name the request, the time without a zone, and echo client-request-id', async () => {
  const answer = await client.user('POST', '/sendMail', { message: simpleMessage({ colour: 1 }) }, { 'client-request-id': '1f1f' });
  expect(answer.json.error.innerError).toEqual({
    date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    'request-id': answer.headers.get('request-id'),
    'client-request-id': '1f1f',
  });
  expect(answer.headers.get('client-request-id')).toBe('1f1f');
  expect(answer.headers.get('x-ms-ags-diagnostic')).toContain('DataCenter');
  expect(answer.json.error.message).toContain("'colour'");
});

test.each([
  [429, 'ErrorSubmissionQuotaExceeded'],
  [429, 'TooManyRequests'],
  [400, 'ErrorMimeContentConversionFailed'],
  [404, 'ResourceNotFound'],
  [500, 'ErrorInternalServerTransientError'],
  [503, 'ErrorMailboxStoreUnavailable'],
  [503, 'ErrorMailboxMoveInProgress'],
  [507, 'ErrorQuotaExceeded'],
])('%i %s comes by a fault', async (status, code) => {
  client.emulator.control.faults.set([{ operation: 'sendMail', answer: { status, code, message: 'words' } }]);
  const answer = await sendMail(simpleMessage());
  expect([answer.status, answer.json.error.code, answer.json.error.message]).toEqual([status, code, 'words']);
});

test('502 and 504 come from the gateway: no words, no Retry-After', async () => {
  client.emulator.control.faults.set([{ operation: 'sendMail', answer: { status: 504 } }]);
  const answer = await sendMail(simpleMessage());
  expect([answer.json.error.code, answer.json.error.message, answer.headers.get('retry-after')]).toEqual(['UnknownError', '', null]);
});

test('a full mailbox can be 507, a 413 can be HTML, a denied From in MIME can be 403', async () => {
  client.emulator.control.setSwitches({ quotaStatus: 507, tooLargeBody: 'html', mimeFromWithoutRight: 'deny' });
  expect((await textPlain('A'.repeat(5 * 1024 * 1024))).text).toContain('<html>');
  expect((await textPlain(mimeBody(['From: alice@contoso.com', 'To: bob@contoso.com', '', 'x']))).json.error.code).toBe(
    'ErrorSendAsDenied',
  );
  expect((await withState('full')).status).toBe(507);
});
