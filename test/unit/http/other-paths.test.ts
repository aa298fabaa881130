// Every other path and method, and the probes.
import { describe, expect, test } from 'vitest';
import { healthLiveHandler, healthReadyHandler } from '../../../shared/adapters/http/health-handlers.ts';
import { unknownPathHandler } from '../../../shared/adapters/http/unknown-path-handler.ts';
import { openAuthorization } from '../../fakes/open-authorization.ts';
import { ask, clock, newId } from './http.ts';

const unknown = (method: string, path: string) => ask(unknownPathHandler({ clock, newId }), { method, path, params: {} });

describe('a path that is not there', () => {
  test.each([
    ['/', '/'],
    ['/beta/users/ada@contoso.com/sendMail', 'beta'],
    ['/v1.0', 'v1.0'],
    ['/v1.0/groups', 'groups'],
    ['/v1.0/users/ada@contoso.com/mailFolders', 'mailFolders'],
    ['/v1.0/users/ada@contoso.com/sendMail/extra/more', 'extra'],
    ['/v1.0/users/a/b/c', 'b'],
    [`/${'x'.repeat(5000)}`, 'x'.repeat(100)],
  ])('%s names the segment', async (path, segment) => {
    const { status, error } = await unknown('POST', path);
    expect(status).toBe(400);
    expect(error).toMatchObject({
      code: 'BadRequest',
      message: expect.stringMatching(new RegExp(`^Resource not found for the segment '${segment}'\\.`)),
    });
  });

  test.each(['/v1.0/me/sendMail', '/V1.0/Me/sendMail', '/v1.0/me/sendMail/'])('%s names the path to use', async (path) => {
    const { status, error } = await unknown('POST', path);
    expect(status).toBe(400);
    expect(error.message).toContain('/v1.0/users/{mailbox}/sendMail');
  });
});

describe('a path that Graph has, and this service does not, says what to do instead:', () => {
  test.each([
    ['POST', '/v1.0/users/ada@contoso.com/messages/AAMk/attachments', 'attachments', 'Put them into the attachments of the message'],
    ['POST', '/v1.0/users/ada@contoso.com/messages/AAMk/attachments/createUploadSession', 'attachments', 'opens upload sessions itself'],
    ['POST', '/v1.0/users/ada@contoso.com/messages/AAMk/createUploadSession', 'createUploadSession', 'opens upload sessions itself'],
    ['GET', '/v1.0/users/ada@contoso.com/messages/AAMk', 'AAMk', 'ask Microsoft Graph itself'],
    ['PATCH', '/v1.0/users/ada@contoso.com/messages/AAMk', 'AAMk', 'ask Microsoft Graph itself'],
    ['DELETE', '/v1.0/users/ada@contoso.com/messages/AAMk', 'AAMk', 'ask Microsoft Graph itself'],
    ['POST', '/v1.0/users/ada@contoso.com/messages/AAMk/move', 'move', 'ask Microsoft Graph itself'],
    ['GET', '/v1.0/users/ada@contoso.com/messages/AAMk/$value', '$value', 'ask Microsoft Graph itself'],
    ['POST', '/v1.0/users/ada@contoso.com/mailFolders/Inbox/messages', 'Inbox', 'mailFolders/Drafts/messages'],
    ['GET', '/v1.0/users/ada@contoso.com/mailFolders/Drafts/messages/AAMk', 'AAMk', 'ask Microsoft Graph itself'],
    ['POST', '/v1.0/users/ada@contoso.com/mailFolders/Drafts/messages/AAMk/send', 'AAMk', 'Leave the folder out'],
    ['POST', '/v1.0/users/ada@contoso.com/mailFolders/Drafts/messages/AAMk/microsoft.graph.send', 'AAMk', 'Leave the folder out'],
    ['POST', "/v1.0/users/ada@contoso.com/mailFolders('Drafts')/messages", "mailFolders('Drafts')", 'a segment of its own'],
    ['POST', "/v1.0/users/ada@contoso.com/messages('AAMk')/send", "messages('AAMk')", 'a segment of its own'],
    ['POST', '/v1.0/$batch', '$batch', 'Send each request by itself'],
    ['POST', "/v1.0/users('ada@contoso.com')/sendMail", "users('ada@contoso.com')", '/v1.0/users/{mailbox}/'],
    ['POST', '/users/ada@contoso.com/sendMail', 'users', 'ends with /v1.0'],
    ['POST', '/v1.0/v1.0/users/ada@contoso.com/sendMail', 'v1.0', 'once'],
    ['POST', '/beta/users/ada@contoso.com/sendMail', 'beta', 'v1.0'],
  ])('%s %s', async (method, path, segment, advice) => {
    const { status, error } = await unknown(method, path);
    expect({ status, code: error.code }).toEqual({ status: 400, code: 'BadRequest' });
    expect(error.message).toContain(`Resource not found for the segment '${segment}'. `);
    expect(error.message).toContain(advice);
  });
});

test.each([
  '//v1.0/pauses',
  '/v1.0//pauses',
  '/v1.0/pauses//',
  '/v1.0/users//sendMail',
  '/v1.0/users/ada@contoso.com//sendMail',
  '/health//live',
  '//',
])('%s is not there, by any method, and the answer says why', async (path) => {
  for (const method of ['GET', 'POST', 'DELETE']) {
    const { status, error } = await unknown(method, path);
    expect([status, error.message]).toEqual([404, expect.stringContaining('two slashes in a row')]);
  }
});

describe('a method that is not allowed', () => {
  test.each([
    ['PUT', '/v1.0/users/ada@contoso.com/sendMail', 'POST'],
    ['GET', '/v1.0/users/ada@contoso.com/messages', 'POST'],
    ['PATCH', '/v1.0/users/ada@contoso.com/mailfolders/drafts/messages', 'POST'],
    ['GET', '/v1.0/users/ada@contoso.com/microsoft.graph.sendMail', 'POST'],
    ['GET', '/v1.0/users/ada@contoso.com/messages/AAMk/microsoft.graph.createReply', 'POST'],
    ['GET', '/v1.0/users/ada@contoso.com/SENDMAIL/', 'POST'],
    ['DELETE', '/v1.0/users/ada@contoso.com/sendRequests/x', 'GET'],
    ['POST', '/health/ready', 'GET'],
    ['POST', '/openapi.json', 'GET'],
  ])('%s %s is answered with what is', async (method, path, allow) => {
    expect(await unknown(method, path)).toMatchObject({ status: 405, headers: { allow }, error: { code: 'ErrorInvalidRequest' } });
  });
});

test('a mailbox that the host has no route for is what is wrong, not the method', async () => {
  const { status, error } = await unknown('POST', '/v1.0/users/a%0D%0Ab@contoso.com/sendMail');
  expect({ status, ...error }).toMatchObject({
    status: 404,
    code: 'ErrorInvalidUser',
    message: expect.stringContaining('a%0D%0Ab@contoso.com'),
  });
});

describe('the probes', () => {
  const ready = (checks: Record<string, () => Promise<void>>, timeoutMs?: number, operator = false) => {
    const readiness = Object.entries(checks).map(([name, check]) => ({ name, check }));
    const authorization = { isOperator: async () => operator };
    return ask(healthReadyHandler({ readiness, clock, authorization }, timeoutMs), { method: 'GET', path: '/health/ready' });
  };
  const reachable = async () => {};

  test('live says the version', async () => {
    expect(await ask(healthLiveHandler('1.2.3'), { method: 'GET', path: '/health/live' })).toMatchObject({
      status: 200,
      body: { status: 'live', version: '1.2.3' },
    });
  });

  test('ready is 200 where all is reachable', async () => {
    expect(await ready({ queue: reachable, statusLog: reachable })).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  test('ready asks once in five seconds, whoever asks how often', async () => {
    let [time, asked] = [0, 0];
    const check = async () => void asked++;
    const handler = healthReadyHandler({
      readiness: [{ name: 'queue', check }],
      clock: { now: () => time },
      authorization: openAuthorization(),
    });
    const answer = () => ask(handler, { method: 'GET', path: '/health/ready' });
    await Promise.all([answer(), answer()]);
    time = 4_999;
    await answer();
    expect(asked).toBe(1);
    time = 5_000;
    await answer();
    expect(asked).toBe(2);
  });

  test.each([true, false])(
    'ready says whether events can be published, to operators only (operator: %s), and is ready without them',
    async (operator) => {
      const authorization = { isOperator: async () => operator };
      const handler = healthReadyHandler({ readiness: [], clock, authorization, events: { reason: 'Event Grid: 403' } });
      const answer = await ask(handler, { method: 'GET', path: '/health/ready' });
      const forOperators = { dependencies: [], events: { on: true, reason: 'Event Grid: 403' } };
      expect(answer).toMatchObject({ status: 200, body: { status: 'ready', ...(operator && forOperators) } });
      expect('events' in (answer.body as object)).toBe(operator);
    },
  );

  const fails = async () => {
    throw new Error('connection refused');
  };

  test('ready is 503 if something is out of reach, or never answers; what and why is in the log', async () => {
    const odd = () => Promise.reject('text');
    const answer = await ready({ queue: fails, statusLog: reachable, contentStore: () => new Promise(() => {}), other: odd }, 20);
    expect(answer).toMatchObject({ status: 503 });
    expect(answer.body).toEqual({ status: 'notReady' });
    expect(answer.logged).toEqual([
      'not ready: queue is out of reach: connection refused',
      'not ready: contentStore is out of reach: no answer within 20 ms',
      'not ready: other is out of reach: text',
    ]);
  });

  test('ready says that only the sender policy is missing', async () => {
    expect((await ready({ queue: reachable, senderPolicy: fails })).body).toEqual({ status: 'noSenderPolicy' });
    expect((await ready({ queue: fails, senderPolicy: fails })).body).toEqual({ status: 'notReady' });
  });

  test('ready tells an operator what is out of reach, and why', async () => {
    expect((await ready({ queue: fails, statusLog: reachable }, 20, true)).body).toEqual({
      status: 'notReady',
      events: { on: false },
      dependencies: [
        { name: 'queue', reachable: false, reason: 'connection refused' },
        { name: 'statusLog', reachable: true },
      ],
    });
  });
});
