// May this application send this mail as that mailbox: each refusal with Graph's words and the line it comes from.
import { describe, expect, test } from 'vitest';
import { type JudgedMail, judgeMail, judgeMailbox } from '../../../shared/domain/accept/sending-decision.ts';
import type { Recipient } from '../../../shared/domain/log/send-request.ts';
import { ALERTS, BILLING, caller, OBJECT_ID, policyOf } from './policies.ts';

const policy = policyOf();
const mailboxVerdict = (application: string, name: string, delegated = false) =>
  judgeMailbox(policy, caller(application, { delegated }), name);

describe('a mailbox', () => {
  test.each(['invoices@contoso.com', 'billing@contoso.com', OBJECT_ID])('under the name %s is one and the same', (name) => {
    expect(mailboxVerdict(BILLING, name)).toMatchObject({
      allowed: true,
      mailbox: 'invoices@contoso.com',
      place: 'applications[0].mailboxes[0]',
    });
  });

  test('of a domain that the application has', () => {
    expect(mailboxVerdict(ALERTS, 'any@alerts.contoso.com')).toMatchObject({ allowed: true, mailbox: 'any@alerts.contoso.com' });
  });

  test.each([
    ['that no policy knows', BILLING, 'nobody@contoso.com', false, 'unknownMailbox', 404, 'ErrorInvalidUser', undefined],
    ['in a homograph', BILLING, 'invоices@contoso.com', false, 'unknownMailbox', 404, 'ErrorInvalidUser', undefined],
    [
      'of another application',
      ALERTS,
      'invoices@contoso.com',
      false,
      'mailboxNotAllowed',
      403,
      'ErrorAccessDenied',
      'applications[1].mailboxes',
    ],
    [
      'for an application that no policy knows',
      'x',
      'invoices@contoso.com',
      false,
      'unknownApplication',
      403,
      'ErrorAccessDenied',
      undefined,
    ],
    [
      "with a person's token",
      BILLING,
      'invoices@contoso.com',
      true,
      'delegatedToken',
      403,
      'ErrorAccessDenied',
      'applications[0].delegated',
    ],
  ])('%s is refused', (_, application, name, delegated, reason, status, code, place) => {
    expect(mailboxVerdict(application, name, delegated)).toMatchObject({ allowed: false, reason, place, problem: { status, code } });
  });

  test("with a person's token, where the policy takes it", () => {
    expect(mailboxVerdict(ALERTS, 'any@alerts.contoso.com', true).allowed).toBe(true);
  });
});

describe('a mail', () => {
  const to = (...addresses: string[]): Recipient[] => addresses.map((address) => ({ address, type: 'to' }));
  const good: JudgedMail = { operation: 'sendMail', format: 'json', recipients: to('a@example.com'), size: 100, hasIdempotencyKey: true };
  const judge = (more: Partial<JudgedMail>, application = BILLING) => {
    const placed = policy.applications.get(application);
    if (!placed) throw new Error('no such application');
    return judgeMail(policy, placed, 'invoices@contoso.com', { ...good, ...more });
  };

  test.each([
    ['of the mailbox itself', {}],
    ['with the mailbox as From', { from: 'INVOICES@contoso.com' }],
    ['with another name of the mailbox as From', { from: 'Billing@contoso.com' }],
    ['with an allowed From', { from: 'noreply@Contoso.com' }],
    ['with a From of an allowed domain', { from: 'eu@invoices.contoso.com' }],
    ['to a domain below an allowed one', { recipients: to('a@mail.example.org', 'B@EXAMPLE.COM') }],
    ['with an allowed Sender', { otherFrom: ['noreply@contoso.com'] }],
    ['that is a draft of a send request', { operation: 'send' as const, targetMessageId: '0'.repeat(28), recipients: [] }],
    ['at the limit', { size: 2000, recipients: to('a@example.com', 'b@example.com') }],
  ])('%s is allowed', (_, more) => {
    expect(judge(more).allowed).toBe(true);
  });

  test.each([
    ['with another From', { from: 'ceo@contoso.com' }, 'fromNotAllowed', 403, 'ErrorSendAsDenied', 'from'],
    ['with a homograph as From', { from: 'nоreply@contoso.com' }, 'fromNotAllowed', 403, 'ErrorSendAsDenied', 'from'],
    [
      'without the key that is asked for',
      { hasIdempotencyKey: false },
      'idempotencyKeyMissing',
      400,
      'ErrorInvalidParameter',
      'requireIdempotencyKey',
    ],
    ['that is too large', { size: 2001 }, 'messageTooLarge', 413, 'ErrorMessageSizeExceeded', 'maximumMessageSize'],
    [
      'to too many',
      { recipients: to('a@example.com', 'b@example.com', 'c@example.com') },
      'tooManyRecipients',
      400,
      'ErrorInvalidRecipients',
      'recipientsPerMail',
    ],
    ['with another Sender', { otherFrom: ['noreply@contoso.com', 'ceo@contoso.com'] }, 'fromNotAllowed', 403, 'ErrorSendAsDenied', 'from'],
    [
      'in MIME that answers, so that Exchange says to whom',
      { operation: 'replyAll' as const, format: 'mime' as const, recipients: [] },
      'recipientsUnknown',
      403,
      'ErrorAccessDenied',
      'recipientsPerMail',
    ],
    [
      'that answers, so that Exchange says to whom',
      { operation: 'replyAll' as const, recipients: [] },
      'recipientsUnknown',
      403,
      'ErrorAccessDenied',
      'recipientDomains',
    ],
    [
      "that is somebody's draft",
      { operation: 'send' as const, targetMessageId: 'AAMk' },
      'recipientsUnknown',
      403,
      'ErrorAccessDenied',
      'recipientDomains',
    ],
    ['that is a draft without a name', { operation: 'send' as const }, 'recipientsUnknown', 403, 'ErrorAccessDenied', 'recipientDomains'],
    [
      'to a strange domain',
      { recipients: to('a@example.com', 'secret@example.net') },
      'recipientDomainNotAllowed',
      403,
      'ErrorAccessDenied',
      'recipientDomains',
    ],
  ])('%s is refused', (_, more, reason, status, code, line) => {
    expect(judge(more)).toMatchObject({ allowed: false, reason, place: `applications[0].${line}`, problem: { status, code } });
  });

  test('to a strange domain is refused by the name of the domain, not of the person', () => {
    expect(JSON.stringify(judge({ recipients: to('secret@example.net') }))).not.toContain('secret');
  });

  test('to what has no domain is refused by what it is', () => {
    const judged = judge({ recipients: to('nobody') });
    expect(judged).toMatchObject({ reason: 'recipientDomainNotAllowed', problem: { message: expect.stringContaining('nobody') } });
  });

  test('of an application without limits has none', () => {
    expect(judge({ recipients: to('a@b', 'c@d', 'e@f'), size: 1e9, hasIdempotencyKey: false }, ALERTS).allowed).toBe(true);
  });
});
