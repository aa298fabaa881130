// What is judged after the HTTP API: a draft before it is sent, content before it is sent again.
import { describe, expect, test } from 'vitest';
import { authorsOf, authorsProblem, recipientsProblem } from '../../../shared/domain/accept/later-decision.ts';
import { withRecipientsAnew } from '../../../shared/domain/accept/redirect.ts';
import { readSenderPolicy } from '../../../shared/domain/accept/sender-policy.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { PolicyUnavailable } from '../../../shared/usecases/accept/current-policy.ts';
import { draftRefusal } from '../../../shared/usecases/submit/judge-draft.ts';

const read = readSenderPolicy({
  applications: [
    {
      name: 'A',
      applicationId: 'app',
      mailboxes: ['ada@exämple.com'],
      from: ['*@news.example.com'],
      recipientsPerMail: 2,
      recipientDomains: ['contoso.com', '*.bücher.example'],
    },
  ],
});
if (!read.ok) throw new Error(read.problems.join());
const { policy } = read;
const ada = { application: 'APP', mailbox: 'ada@exämple.com' };
const to = (...addresses: string[]) => addresses.map((address) => ({ address, type: 'to' as const }));
const utf8 = (text: string) => new TextEncoder().encode(text);

test('authors are the mailbox in any spelling, or what the policy allows besides', () => {
  expect(authorsProblem(policy, ada, ['ADA@xn--exmple-cua.com', 'x@News.example.com'])).toBeUndefined();
  expect(authorsProblem(policy, ada, ['ada@exämple.com', 'ceo@contoso.com'])).toMatchObject({ status: 403, code: 'ErrorSendAsDenied' });
  expect(authorsProblem(policy, ada, ['"ceo, x"@news.example.com, y@news.example.com'])).toBeDefined();
  expect(authorsProblem(policy, { ...ada, application: 'gone' }, ['ada@exämple.com'])).toBeUndefined();
  expect(authorsProblem(policy, { ...ada, application: 'gone' }, ['x@news.example.com'])).toBeDefined();
});

test('recipients are as many as allowed, and in the domains that are allowed', () => {
  expect(recipientsProblem(policy, ada, to('a@contoso.com', 'b@mail.xn--bcher-kva.example'))).toBeUndefined();
  expect(recipientsProblem(policy, ada, to('a@contoso.com', 'b@contoso.com', 'c@contoso.com'))?.message).toContain('3 recipients');
  expect(recipientsProblem(policy, ada, to('a@evil.example'))?.message).toContain("'evil.example'");
  expect(recipientsProblem(policy, ada, to('x@evil.example, a@contoso.com'))).toBeDefined();
  expect(recipientsProblem(policy, { ...ada, application: 'gone' }, to('a@evil.example'))).toBeUndefined();
});

test('authors are read from content again, strictly', () => {
  const json = (message: unknown) => authorsOf('json', utf8(JSON.stringify(message)));
  expect(authorsOf('none', utf8(''))).toEqual({ ok: true, value: [] });
  expect(json({ message: { from: { emailAddress: { address: 'a@b.example' } } } })).toEqual({ ok: true, value: ['a@b.example'] });
  expect(json({ sender: { emailAddress: { name: 'CEO' } } }).ok).toBe(false);
  expect(authorsOf('mime', utf8('From: a@b.example\r\nSender: c@d.example\r\n\r\n'))).toEqual({
    ok: true,
    value: ['a@b.example', 'c@d.example'],
  });
  expect(authorsOf('mime', utf8('From: a @b.example\r\n\r\n')).ok).toBe(false);
  expect(authorsOf('mime', utf8('\r\n')).ok).toBe(false);
});

describe('a draft', () => {
  const record = { operation: 'send', mailbox: 'ada@exämple.com', application: 'app' } as SendRequestRecord;
  const using = { policy: { get: async () => policy } };

  test('from the mailbox may go, from another one or to too many it may not', async () => {
    expect(await draftRefusal(using, record, { id: '1', from: 'ada@xn--exmple-cua.com' }, false)).toBeUndefined();
    expect(await draftRefusal(using, record, { id: '1', sender: 'ceo@contoso.com' }, false)).toMatchObject({
      status: 403,
      code: 'ErrorSendAsDenied',
    });
    const many = to('a@contoso.com', 'b@contoso.com', 'c@contoso.com');
    for (const operation of ['send', 'replyAll'] as const) {
      expect(await draftRefusal(using, { ...record, operation }, { id: '1', recipients: many }, true)).toMatchObject({ status: 400 });
    }
  });

  test('of a mailbox known by its object id alone is judged unless it is of our making', async () => {
    const byId = { ...record, mailbox: '8d0e1f2a-0000-4000-8000-0123456789ab' };
    expect(await draftRefusal(using, byId, { id: '1', from: 'ada@contoso.com' }, true)).toBeUndefined();
    expect(await draftRefusal(using, byId, { id: '1', from: 'ada@contoso.com' }, false)).toMatchObject({ status: 403 });
  });

  test('waits while there is no policy to judge it by, and goes if none was ever set', async () => {
    const unavailable = { policy: { get: () => Promise.reject(new PolicyUnavailable('none')) } };
    expect(await draftRefusal(unavailable, record, { id: '1' }, false)).toEqual({ kind: 'notSent', reason: 'none' });
    expect(await draftRefusal({}, record, { id: '1', from: 'ceo@contoso.com' }, false)).toBeUndefined();
    const broken = { policy: { get: () => Promise.reject(new TypeError('bug')) } };
    await expect(draftRefusal(broken, record, { id: '1' }, false)).rejects.toThrow('bug');
  });
});

test('recipient fields are written anew with their names, and nothing else changes', () => {
  const mime = 'To: team: "B, C" <"bob"@contoso.com>;\r\nResent-To: x@evil.example\r\nFrom: a@contoso.com\r\n\r\nx';
  const long = `To: ${'N'.repeat(950)} <a@contoso.com>\r\n\r\n`;
  const anew = (text: string) =>
    Buffer.from(withRecipientsAnew('sendMail', 'mime', { content: utf8(text), recipients: to('k@contoso.com') }).content).toString();
  expect(anew(mime)).toBe('To: "B, C" <bob@contoso.com>\r\nFrom: a@contoso.com\r\n\r\nx');
  expect(anew(long)).toBe('To: a@contoso.com\r\n\r\n');
  expect(anew('To: a @b\r\n\r\n')).toBe('To: k@contoso.com\r\n\r\n');
  expect(anew('\r\n')).toContain('k@contoso.com');
});
