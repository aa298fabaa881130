// While the tenant is over a limit: which mail is held, and which mail can show that the limit is over.
import { describe, expect, test } from 'vitest';
import { canShow, isWithin, wider } from '../../../shared/domain/act/tenant-reach.ts';

const DOMAINS = ['contoso.com', '*.contoso.net'];
const mail = (more: Partial<Parameters<typeof isWithin>[1]> = {}, ...addresses: string[]) => ({
  mailbox: 'sender@contoso.com',
  operation: 'sendMail' as const,
  recipients: addresses.map((address) => ({ address })),
  ...more,
});
const INTERNAL = mail({}, 'a@CONTOSO.com', 'b@sales.contoso.net');
const EXTERNAL = mail({}, 'a@contoso.com', 'b@example.com');

describe('a limit of external recipients', () => {
  test.each([
    ['holds mail with an external recipient, which can show that it is over', EXTERNAL, true, true],
    ['lets mail go on that names internal recipients only', INTERNAL, false, false],
    ['holds mail to a subdomain that nobody named', mail({}, 'a@sales.contoso.com'), true, true],
    ['holds a reply, whose recipients nobody knows', mail({ operation: 'reply' }), true, false],
    ['holds a reply to further internal recipients', mail({ operation: 'replyAll' }, 'a@contoso.com'), true, false],
    ['holds a reply to a further external recipient, which can show it', mail({ operation: 'reply' }, 'a@example.com'), true, true],
    ['holds a draft that is sent', mail({ operation: 'send' }), true, false],
    ['holds mail that goes to another address than it names', mail({ redirectedTo: 'test@example.com' }, 'a@contoso.com'), true, false],
  ])('%s', (_, one, held, shows) => {
    expect(isWithin('external', one, DOMAINS)).toBe(held);
    expect(canShow('external', one, DOMAINS, false)).toBe(shows);
  });

  test('may be tried after its window by any mail that it holds', () => {
    expect(canShow('external', mail({ operation: 'reply' }), DOMAINS, true)).toBe(true);
  });

  test('holds everything while nobody has said which domains are accepted, and everything can show that it is over', () => {
    expect(isWithin('external', INTERNAL, [])).toBe(true);
    expect(canShow('external', INTERNAL, [], false)).toBe(true);
  });
});

describe('a limit of mail from the default domain', () => {
  const external = { recipients: [{ address: 'a@example.com' }] };
  test.each([
    ['of a mailbox there is held', mail({ ...external, mailbox: 'x@contoso.onmicrosoft.com' }), true],
    ['that a mailbox sends with such a From is held', mail({ ...external, from: 'x@contoso.partner.onmschina.cn' }), true],
    ['of a mailbox that is named by its object id is held', mail({ ...external, mailbox: '5f3c8a30-0c3d-4b3e-9d52-6d1b6f1c7a01' }), true],
    ['of another domain goes on', mail(external), false],
    ['to internal recipients goes on', mail({ mailbox: 'x@contoso.onmicrosoft.com' }, 'a@contoso.com'), false],
  ])('mail %s', (_, one, held) => {
    expect(isWithin('externalFromDefaultDomain', one, DOMAINS)).toBe(held);
  });
});

test('a limit of the whole tenant holds every mail, and every mail can show that it is over', () => {
  expect(isWithin('all', INTERNAL, DOMAINS)).toBe(true);
  expect(canShow('all', INTERNAL, DOMAINS, false)).toBe(true);
});

test('of two limits the wider one counts', () => {
  expect(wider('external', 'all')).toBe('all');
  expect(wider('external', 'externalFromDefaultDomain')).toBe('external');
});
