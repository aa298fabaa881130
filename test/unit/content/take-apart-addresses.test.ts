// Addresses of a message that is taken apart are those that the HTTP API has read, with names as people read them.
import { expect, test } from 'vitest';
import { takeApart } from '../../../shared/domain/content/take-apart.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { planOf } from '../../../shared/domain/submit/submission-plan.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

test('names lose their quotes, encoded words are decoded', async () => {
  const taken = await takeApart(utf8('To: "B \\"x\\", C" <b@example.com>, =?utf-8?Q?J=C3=BC?= <"j"@example.com>\r\n\r\nx'));
  expect(taken.ok && taken.value.message['toRecipients']).toEqual([
    { emailAddress: { address: 'b@example.com', name: 'B "x", C' } },
    { emailAddress: { address: 'j@example.com', name: 'Jü' } },
  ]);
});

test('what cannot be read strictly is not guessed: the mail is refused by the name of the field', async () => {
  const refusal = { ok: false, problem: { status: 400, code: 'ErrorInvalidRecipients' } };
  expect(await takeApart(utf8('To: a @example.com\r\n\r\nx'))).toMatchObject(refusal);
  expect(await takeApart(utf8('\r\nx'))).toMatchObject(refusal);
  const large = utf8(`To: a @example.com\r\n\r\n${'x'.repeat(5_000_000)}`);
  const plan = await planOf({ operation: 'sendMail', format: 'mime' } as SendRequestRecord, large, '', takeApart);
  expect(plan).toMatchObject({
    kind: 'impossible',
    answer: { status: 400, code: 'ErrorInvalidRecipients', message: expect.stringContaining('field To') },
  });
});
