// Environments that are not production: nobody outside gets mail from there, the log keeps whom it was for, and a header tells.
import { describe, expect, test } from 'vitest';
import { type MadeDraft, redirect, redirectedFrom } from '../../../shared/domain/accept/redirect.ts';
import { REDIRECT_HEADER } from '../../../shared/domain/accept/redirect-mime.ts';
import type { Decoded } from '../../../shared/domain/content/decoded.ts';
import type { Operation } from '../../../shared/domain/operations.ts';
import { decode, RULE, redirected, STRANGERS } from './redirecting.ts';

const at = (...addresses: string[]) => addresses.map((address) => ({ emailAddress: { address } }));
const jsonOf = ({ content }: Decoded) => JSON.parse(Buffer.from(content).toString()) as Record<string, Record<string, unknown>>;

describe('in JSON', () => {
  const message = {
    subject: 'x',
    toRecipients: at('customer@example.com', 'ada@contoso.com'),
    ccRecipients: at('boss@example.org'),
    bccRecipients: at('eu@mail.contoso.com'),
  };

  test('strangers are replaced by the one address, others stay where they are, and the log keeps all', () => {
    const result = redirected('sendMail', 'json', { message });
    expect(jsonOf(result)['message']).toMatchObject({
      toRecipients: at('ada@contoso.com', 'test-mail@contoso.com'),
      ccRecipients: [],
      bccRecipients: at('eu@mail.contoso.com'),
      internetMessageHeaders: [{ name: REDIRECT_HEADER, value: STRANGERS.join(', ') }],
    });
    expect(result.recipients.map(({ address }) => address)).toEqual([
      'customer@example.com',
      'ada@contoso.com',
      'boss@example.org',
      'eu@mail.contoso.com',
    ]);
    expect(result.redirectedTo).toBe('test-mail@contoso.com');
  });

  test('where only copies went to strangers, the one address is the only recipient', () => {
    expect(jsonOf(redirected('sendMail', 'json', { message: { ccRecipients: at('boss@example.org') } }))['message']).toMatchObject({
      toRecipients: at('test-mail@contoso.com'),
      ccRecipients: [],
    });
  });

  test('mail without strangers is left as it is', () => {
    const decoded = decode('sendMail', 'json', { message: { ...message, toRecipients: at('ada@contoso.com'), ccRecipients: [] } });
    expect(redirect('sendMail', 'json', decoded, RULE)).toEqual({ ok: true, value: decoded });
  });

  test('a header is only added where there is room for one', () => {
    const internetMessageHeaders = [1, 2, 3, 4, 5].map((n) => ({ name: `x-${n}`, value: 'v' }));
    expect(
      jsonOf(redirected('sendMail', 'json', { message: { ...message, internetMessageHeaders } }))['message']?.['internetMessageHeaders'],
    ).toHaveLength(5);
  });

  test('that header is ours: one that the mail had before is gone', () => {
    const internetMessageHeaders = [{ name: 'X-Redirected-From', value: 'nobody@example.com' }];
    expect(jsonOf(redirected('sendMail', 'json', { message: { ...message, internetMessageHeaders } }))['message']).toMatchObject({
      internetMessageHeaders: [{ name: REDIRECT_HEADER, value: STRANGERS.join(', ') }],
    });
  });

  test('a draft too; one that names nobody yet stays as it is', () => {
    expect(jsonOf(redirected('createDraft', 'json', message))).toMatchObject({
      toRecipients: at('ada@contoso.com', 'test-mail@contoso.com'),
    });
    expect(redirected('createDraft', 'json', { subject: 'x' }).redirectedTo).toBeUndefined();
  });

  test('a forward, wherever it names its recipients', () => {
    const beside = jsonOf(redirected('forward', 'json', { comment: 'fyi', toRecipients: at('customer@example.com') }));
    expect(beside).toEqual({ comment: 'fyi', toRecipients: at('test-mail@contoso.com') });
    const within = jsonOf(redirected('forward', 'json', { message: { toRecipients: at('customer@example.com') } }));
    expect(within['message']).toMatchObject({
      toRecipients: at('test-mail@contoso.com'),
      internetMessageHeaders: [{ name: REDIRECT_HEADER }],
    });
  });
});

describe('what cannot be replaced is refused', () => {
  test.each<Operation>(['reply', 'replyAll', 'createReply', 'createReplyAll'])('%s: whom it goes to is not known here', (operation) => {
    expect(redirect(operation, 'json', decode(operation, 'json', { comment: 'x' }), RULE)).toMatchObject({
      ok: false,
      problem: { status: 403, code: 'ErrorAccessDenied' },
    });
  });

  test('a draft that nobody knows of here; one that was made here is sent, unless it is from before and for strangers', () => {
    const send = (made?: MadeDraft) => redirect('send', 'json', { content: new Uint8Array(), recipients: [] }, RULE, made).ok;
    const to = (address: string) => [{ address, type: 'to' }] as const;
    expect(send()).toBe(false);
    expect(send({ recipients: to('customer@example.com') })).toBe(false);
    expect(send({ recipients: to('customer@example.com'), redirectedTo: 'test-mail@contoso.com' })).toBe(true);
    expect(send({ recipients: to('ada@contoso.com') })).toBe(true);
  });

  test('mail to strangers where there is no address to take it: by the name of the domain', () => {
    const checked = redirect('sendMail', 'json', decode('sendMail', 'json', { message: { toRecipients: at(...STRANGERS) } }), {
      ...RULE,
      redirectTo: undefined,
    });
    expect(checked).toMatchObject({ ok: false, problem: { status: 403, message: expect.stringContaining("not to 'example.com'") } });
    expect(JSON.stringify(checked)).not.toContain('customer');
  });

  test('in production nothing is', () => {
    const decoded = decode('reply', 'json', { comment: 'x' });
    expect(redirect('reply', 'json', decoded, { redirectTo: undefined, allowedDomains: [] })).toEqual({ ok: true, value: decoded });
  });
});

test('the header names as many as it can hold, in ASCII', () => {
  expect(redirectedFrom(['ü@example.com'])).toBe('?@example.com');
  const many = redirectedFrom(Array.from({ length: 500 }, (_, n) => `person-${n}@example.com`));
  expect(many.length).toBeLessThan(998);
  expect(many).toMatch(/^person-0@example\.com, .* and 4\d\d more$/);
});

test('without allowed domains everybody is a stranger', () => {
  const result = redirected(
    'sendMail',
    'json',
    { message: { toRecipients: at('ada@contoso.com') } },
    { redirectTo: 't@x.y', allowedDomains: [] },
  );
  expect(jsonOf(result)['message']).toMatchObject({ toRecipients: at('t@x.y') });
});

test('a stranger without a domain is named as it is', () => {
  const decoded = {
    ...decode('sendMail', 'json', { message: { toRecipients: at('ada@contoso.com') } }),
    recipients: [{ address: 'nobody', type: 'to' as const }],
  };
  const refused = redirect('sendMail', 'json', decoded, { redirectTo: undefined, allowedDomains: ['contoso.com'] });
  expect(refused).toMatchObject({ ok: false, problem: { message: expect.stringContaining("not to 'nobody'") } });
});
