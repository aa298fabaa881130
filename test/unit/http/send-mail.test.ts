// POST sendMail: what is accepted, what is enqueued, and how it is answered.
import { describe, expect, test } from 'vitest';
import { base64, json, MAIL, MIME, mime, REQUEST_ID, sendMailHttp } from './http.ts';

const later = '2026-08-21T10:00:00Z';

describe('a mail in JSON', () => {
  test('is enqueued with what the log needs, and answered 202', async () => {
    const { commands, post } = sendMailHttp();
    const answer = await post({ ...json({ ...MAIL, saveToSentItems: false }), mailbox: 'Ada@Contoso.com' });
    const content = commands[0]!.content;
    expect(JSON.parse(Buffer.from(content).toString())).toEqual(MAIL);
    expect(commands).toEqual([
      {
        mailbox: 'ada@contoso.com',
        application: 'anonymous',
        operation: 'sendMail',
        format: 'json',
        content,
        saveToSentItems: false,
        recipients: [{ address: 'customer@example.com', type: 'to' }],
        subject: 'Invoice',
        urgent: false,
      },
    ]);
    expect(answer).toMatchObject({
      status: 202,
      body: { id: 'x1', status: 'queued', mailbox: 'ada@contoso.com', operation: 'sendMail' },
      headers: {
        'content-type': 'application/json',
        location: '/v1.0/users/ada@contoso.com/sendRequests/x1',
        'request-id': REQUEST_ID,
        'client-request-id': REQUEST_ID,
      },
    });
  });

  test('may be sent as other clients send it', async () => {
    const { commands, post } = sendMailHttp();
    for (const type of ['application/json; charset=utf-8', 'Application/JSON;odata.metadata=minimal', 'application/json;charset="UTF-8"']) {
      expect((await post(json(`\ufeff${JSON.stringify(MAIL)}`, { 'content-type': type }))).status).toBe(202);
    }
    expect(commands).toHaveLength(3);
  });

  test('names another From, which is kept, and not its own mailbox, whatever the case', async () => {
    const { commands, post } = sendMailHttp();
    const from = (address: string) => json({ message: { ...MAIL.message, from: { emailAddress: { address } } } });
    await post(from('bob@contoso.com'));
    await post(from('ADA@contoso.com'));
    expect(commands.map((command) => command.from)).toEqual(['bob@contoso.com', undefined]);
  });
});

describe('a mail in MIME', () => {
  test('is enqueued byte for byte', async () => {
    const { commands, post } = sendMailHttp();
    expect((await post(mime(`${base64(MIME)}\r\n`))).status).toBe(202);
    expect(commands[0]).toMatchObject({ format: 'mime', saveToSentItems: true, subject: 'Invoice' });
    expect(commands[0]).not.toHaveProperty('from');
    expect(Buffer.from(commands[0]!.content).toString()).toBe(MIME);
  });
});

describe('the request headers', () => {
  test('are part of the command', async () => {
    const { commands, post } = sendMailHttp();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await post(
      json(MAIL, {
        'Idempotency-Key': '"order-4711"',
        'Send-At': '2026-08-20T14:00:00+02:00',
        'Send-Before': later,
        Priority: 'u=0, i',
        'client-request-id': 'my-id',
        traceparent,
        Prefer: 'wait=10, IdType="ImmutableId"',
        SdkVersion: 'graph-dotnet-5.0',
      }),
    );
    expect(answer.headers['client-request-id']).toBe('my-id');
    expect(commands[0]).toMatchObject({
      idempotencyKey: 'order-4711',
      sendAt: '2026-08-20T12:00:00.000Z',
      sendBefore: '2026-08-21T10:00:00.000Z',
      urgent: true,
      clientRequestId: 'my-id',
      traceparent,
    });
  });

  test("Send-At and Exchange's own property are both obeyed", async () => {
    const { commands, post } = sendMailHttp();
    const message = { ...MAIL.message, singleValueExtendedProperties: [{ id: 'SystemTime 0x3FEF', value: '2026-08-20T12:00:00Z' }] };
    await post(json({ message }));
    await post(json({ message }, { 'Send-At': '2026-08-20T11:00:00Z' }));
    await post(json({ message }, { 'Send-At': '2026-08-20T13:00:00Z' }));
    expect(commands.map(({ sendAt }) => sendAt?.slice(11, 13))).toEqual(['12', '12', '13']);
  });

  test.each([
    ['Send-Before', { 'Send-Before': '2026-08-20T10:00:00Z' }, 'it has passed'],
    ['Send-Before', { 'Send-Before': later, 'Send-At': later }, 'it is not after Send-At'],
    ['Send-At', { 'Send-At': 'tomorrow' }, 'RFC 3339'],
    ['Send-At', { 'Send-At': '2026-10-20T10:00:00Z' }, 'it is more than 30 days ahead'],
    ['Idempotency-Key', { 'Idempotency-Key': 'x'.repeat(256) }, '1 to 255 printable characters'],
  ])('a %s that cannot be obeyed is refused, naming it', async (name, headers, words) => {
    const { commands, post } = sendMailHttp();
    const { status, error } = await post(json(MAIL, headers as Record<string, string>));
    expect({ status, code: error.code }).toEqual({ status: 400, code: 'ErrorInvalidParameter' });
    expect(error.message).toContain(name);
    expect(error.message).toContain(words);
    expect(commands).toEqual([]);
  });
});

describe('the answer', () => {
  test('says that a key was used with other content', async () => {
    const { post } = sendMailHttp(() => ({ kind: 'keyReused', holder: 'x' }));
    expect(await post(json(MAIL))).toMatchObject({ status: 422, error: { code: 'IdempotencyKeyReused' } });
  });

  test('says that the queue is out of reach, and when to come again', async () => {
    const { post } = sendMailHttp(() => ({ kind: 'unavailable', retryAfter: 7, reason: 'the queue is out of reach' }));
    const answer = await post(json(MAIL));
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '7' }, error: { code: 'serviceNotAvailable' } });
    expect(answer.error.message).toContain('the queue is out of reach');
  });

  test('to what nobody expected is in the same envelope, logged and without a stack', async () => {
    for (const thrown of [new Error('secret'), 'secret']) {
      const { post } = sendMailHttp(() => {
        throw thrown;
      });
      const answer = await post(json(MAIL));
      expect(answer).toMatchObject({ status: 500, error: { code: 'InternalServerError' } });
      expect(JSON.stringify(answer.body)).not.toContain('secret');
      expect(answer.logged.join()).toContain('secret');
      expect(answer.logged.join()).toContain(REQUEST_ID);
    }
  });
});
