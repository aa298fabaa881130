// What all nine operations have in common over HTTP: answers, targets, rights, Prefer, and headers that other clients send.
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { qualifiedActionHandler } from '../../../shared/adapters/http/qualified-action-handler.ts';
import { OPERATIONS, type Operation } from '../../../shared/domain/operations.ts';
import { ask, base64, json, MAIL, MIME, mailHttp, mime, type Posted } from './http.ts';

const ABOUT_A_MESSAGE = OPERATIONS.filter((operation) => !['sendMail', 'createDraft'].includes(operation));
const DRAFTS = ['createDraft', 'createReply', 'createReplyAll', 'createForward'] as const;
const JSON_BODIES: Record<Operation, unknown> = {
  sendMail: MAIL,
  createDraft: MAIL.message,
  reply: { comment: 'x' },
  replyAll: { comment: 'x' },
  forward: { comment: 'x', toRecipients: MAIL.message.toRecipients },
  createReply: { comment: 'x' },
  createReplyAll: { comment: 'x' },
  createForward: { comment: 'x' },
  send: {},
};
const paramsOf = (operation: Operation) => ({
  params: { mailbox: 'ada@contoso.com', ...(ABOUT_A_MESSAGE.includes(operation) && { message: 'AAMk-_=' }) },
});
const inJson = (operation: Operation, headers = {}): Posted => ({ ...json(JSON_BODIES[operation], headers), ...paramsOf(operation) });
const inMime = (operation: Operation, headers = {}): Posted => ({ ...mime(base64(MIME), headers), ...paramsOf(operation) });
const CASES = OPERATIONS.flatMap((operation): [Operation, string, Posted][] => [
  [operation, 'JSON', inJson(operation)],
  ...(operation === 'send' ? [] : [[operation, 'MIME', inMime(operation)] as [Operation, string, Posted]]),
]);

/** What SDKs in other languages add by themselves. */
const SDK_HEADERS = {
  SdkVersion: 'graph-python/1.14.0, graph-python-core/1.1.2',
  ConsistencyLevel: 'eventual',
  Prefer: 'outlook.timezone="UTC", IdType="ImmutableId", return=minimal',
  Accept: 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false',
  'OData-Version': '4.0',
  'If-Match': '*',
  Expect: '',
  'Accept-Encoding': 'gzip, br',
  'x-ms-throttle-priority': 'Low',
  scenario: 'Invoices',
};

describe.each(CASES)('%s in %s', (operation, _, posted) => {
  test('is answered 202, with its operation, and enqueued', async () => {
    const { commands, post } = mailHttp(operation);
    const answer = await post(posted);
    expect(answer).toMatchObject({ status: 202, body: { id: 'x1', status: 'queued', mailbox: 'ada@contoso.com', operation } });
    expect(answer.headers['location']).toBe('/v1.0/users/ada@contoso.com/sendRequests/x1');
    const target = ABOUT_A_MESSAGE.includes(operation) ? { targetMessageId: 'AAMk-_=' } : {};
    expect(commands).toMatchObject([{ operation, ...target }]);
  });

  test('is not tripped by headers of SDKs, nor by a compressed body', async () => {
    const { commands, post } = mailHttp(operation);
    expect((await post({ ...posted, headers: { ...posted.headers, ...SDK_HEADERS } })).status).toBe(202);
    const headers = { ...posted.headers, ...SDK_HEADERS, 'content-encoding': 'gzip' };
    expect((await post({ ...posted, headers, body: gzipSync(posted.body as string) })).status).toBe(202);
    expect(commands[1]?.content).toEqual(commands[0]?.content);
  });
});

describe('a qualified name', () => {
  const named = (messageAction: string, operation: Operation) => {
    const { commands, dependencies } = mailHttp(operation);
    const posted = inJson(operation);
    return ask(qualifiedActionHandler(dependencies), { ...posted, params: { ...posted.params, messageAction } }).then((answer) => ({
      answer,
      commands,
    }));
  };

  test.each(ABOUT_A_MESSAGE)('of %s means the same, in any case', async (operation) => {
    for (const name of [operation, operation.toLowerCase()]) {
      const { answer, commands } = await named(name, operation);
      expect(answer).toMatchObject({ status: 202, body: { operation } });
      expect(commands).toMatchObject([{ operation, targetMessageId: 'AAMk-_=' }]);
    }
  });

  test.each(['move', 'sendMail', 'constructor', ''])('of nothing that there is, such as %j, is refused by its segment', async (name) => {
    const { answer, commands } = await named(name, 'reply');
    expect(answer).toMatchObject({
      status: 400,
      error: { code: 'BadRequest', message: expect.stringContaining(`'microsoft.graph.${name}'`) },
    });
    expect(commands).toEqual([]);
  });
});

describe.each(ABOUT_A_MESSAGE)('the message of %s', (operation) => {
  test('that no id can name is refused, and so is a send request of somebody else', async () => {
    for (const [kind, status, code] of [
      ['malformed', 400, 'ErrorInvalidIdMalformed'],
      ['unknown', 404, 'ErrorItemNotFound'],
    ] as const) {
      const { commands, post } = mailHttp(operation, undefined, { checkTarget: async () => ({ kind }) });
      expect(await post(inJson(operation))).toMatchObject({ status, error: { code } });
      expect(commands).toEqual([]);
    }
  });
});

test.each(['null', 'undefined'])('a client that had no id, and wrote %s, is told so, and how to get one', async (name) => {
  const { commands, post } = mailHttp('send', undefined, { checkTarget: async () => ({ kind: 'placeholder' }) });
  const answer = await post({ ...inJson('send'), params: { mailbox: 'ada@contoso.com', message: name } });
  expect(answer).toMatchObject({ status: 400, error: { code: 'ErrorInvalidIdMalformed' } });
  expect(answer.error.message).toContain(`'${name}'`);
  expect(answer.error.message).toContain('Prefer: wait=');
  expect(commands).toEqual([]);
});

describe('Prefer: wait', () => {
  const message = { '@odata.context': 'x', id: 'AAMk', webLink: 'https://outlook.office365.com/', isDraft: true };
  const waiting = (operation: Operation, posted: Posted, found?: Record<string, unknown>) => {
    const waits: number[] = [];
    const { post } = mailHttp(operation, undefined, {
      awaitDraft: async (_mailbox, _id, waitMs) => {
        waits.push(waitMs);
        return { status: found ? 'created' : 'submitting', ...(found && { message: found }) };
      },
    });
    return post({ ...posted, headers: { ...posted.headers, prefer: 'return=representation, wait=5' } }).then((answer) => ({
      ...answer,
      waits,
    }));
  };

  test.each(DRAFTS.flatMap((operation) => [[operation, inJson(operation)] as const, [operation, inMime(operation)] as const]))(
    'of %s is answered 201 with the message where it is there, 202 where it is not yet',
    async (operation, posted) => {
      const made = await waiting(operation, posted, message);
      expect(made).toMatchObject({ status: 201, body: message, waits: [5_000] });
      expect(made.headers).toMatchObject({ 'preference-applied': 'wait=5', location: '/v1.0/users/ada@contoso.com/sendRequests/x1' });
      const soon = await waiting(operation, posted);
      expect(soon).toMatchObject({ status: 202, body: { id: 'x1', status: 'submitting', operation } });
    },
  );

  test.each(OPERATIONS.filter((operation) => !(DRAFTS as readonly Operation[]).includes(operation)))(
    'of %s, which makes no draft, is not applied',
    async (operation) => {
      const answer = await waiting(operation, inJson(operation), message);
      expect([answer.status, answer.waits, answer.headers['preference-applied']]).toEqual([202, [], undefined]);
    },
  );
});

const NONE = { redirectTo: undefined, allowedDomains: [] };

test.each([
  ['send', 'createDraft', 403],
  ['send', 'reply', 403],
  ['send', 'send', 403],
  ['send', 'sendMail', 202],
  ['read', 'send', 202],
  ['read', 'forward', 403],
] as const)('with the rights tier %s, %s is answered %s', async (graphRights, operation, status) => {
  const limits = { maximumMessageSizeBytes: 35_000_000, recipientLimit: 3, graphRights, nonProduction: NONE };
  const { post } = mailHttp(operation, undefined, { limits });
  const answer = await post(inJson(operation));
  expect(answer.status).toBe(status);
  if (status === 403) expect(answer.error.message).toContain(`was granted "${graphRights}"`);
});

test('a mail too large for one request is refused by name where rights allow none in parts', async () => {
  const limits = { maximumMessageSizeBytes: 35_000_000, recipientLimit: 3, graphRights: 'read', nonProduction: NONE } as const;
  const { post } = mailHttp('sendMail', undefined, { limits });
  const attachments = [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a', contentBytes: 'QUJD'.repeat(1_500_000) }];
  const answer = await post(json({ message: { ...MAIL.message, attachments } }));
  expect(answer).toMatchObject({ status: 403, error: { message: expect.stringContaining('too large for one request') } });
});
