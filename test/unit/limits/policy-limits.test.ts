// Limits of the sender policy: lower ones of a mailbox and of an application, and what is refused with its place.
import { expect, test } from 'vitest';
import { policyLimits } from '../../../shared/domain/accept/policy-limits.ts';
import { readSenderPolicy } from '../../../shared/domain/accept/sender-policy.ts';

const application = { name: 'Billing', applicationId: 'APP', mailboxes: ['invoices@contoso.com', '*@alerts.contoso.com'] };

test('a mailbox and an application have what the policy says, and others have nothing', () => {
  const read = readSenderPolicy({
    mailboxes: [
      { name: 'Invoices@contoso.com', otherNames: ['billing@contoso.com'], messagesPerMinute: 5 },
      { name: 'news@alerts.contoso.com', recipientsPerDay: 100 },
    ],
    applications: [{ ...application, perMailbox: { shareOfDay: 0.5 } }],
  });
  if (!read.ok) throw new Error(read.problems.join());
  const { policy } = read;
  expect(policyLimits(policy, 'invoices@contoso.com', 'app')).toEqual({
    ofMailbox: { messagesPerMinute: 5, recipientsPerDay: undefined },
    ofApplication: { shareOfDay: 0.5 },
  });
  expect(policyLimits(policy, 'news@alerts.contoso.com', 'another')).toEqual({ ofMailbox: { recipientsPerDay: 100 }, ofApplication: {} });
  expect(policyLimits(policy, 'quiet@contoso.com', 'app').ofMailbox).toEqual({});
});

test.each([
  [{ messagesPerMinute: 0 }, 'mailboxes[0].messagesPerMinute'],
  [{ messagesPerMinute: 31 }, 'mailboxes[0].messagesPerMinute'],
  [{ recipientsPerDay: -5 }, 'mailboxes[0].recipientsPerDay'],
  [{ recipientsPerDay: 10_001 }, 'mailboxes[0].recipientsPerDay'],
  [{ recipientsPerDay: 1.5 }, 'mailboxes[0].recipientsPerDay'],
])('a mailbox with %j is refused with the place', (limits, place) => {
  const read = readSenderPolicy({ mailboxes: [{ name: 'invoices@contoso.com', ...limits }], applications: [application] });
  expect(read.ok ? [] : read.problems).toEqual([expect.stringMatching(new RegExp(`^${place.replace(/[[\]]/g, '\\$&')}: `))]);
});

test.each([
  [{ messagesPerMinute: 0 }, 'applications[0].perMailbox.messagesPerMinute'],
  [{ recipientsPerDay: 10_001 }, 'applications[0].perMailbox.recipientsPerDay'],
  [{ shareOfDay: 0 }, 'applications[0].perMailbox.shareOfDay'],
  [{ shareOfDay: 1.01 }, 'applications[0].perMailbox.shareOfDay'],
  [{ share: 1 }, 'applications[0].perMailbox'],
])('an application with %j is refused with the place', (perMailbox, place) => {
  const read = readSenderPolicy({ applications: [{ ...application, perMailbox }] });
  expect(read.ok ? [] : read.problems).toEqual([expect.stringContaining(`${place}: `)]);
});

test.each(['messagesPerMinute', 'recipientsPerDay'])(
  '%s of a mailbox that nobody may use is refused: its name may be misspelt',
  (limit) => {
    const read = readSenderPolicy({ mailboxes: [{ name: 'invoice@contoso.com', [limit]: 5 }], applications: [application] });
    expect(read).toEqual({
      ok: false,
      problems: [`mailboxes[0].${limit}: no application may send as invoice@contoso.com, so the limit has no effect`],
    });
  },
);

test('the names of a mailbox with a limit may be those that an application is given', () => {
  const mailboxes = [{ name: 'box@contoso.com', otherNames: ['invoices@contoso.com'], recipientsPerDay: 5 }];
  const read = readSenderPolicy({ mailboxes, applications: [application] });
  expect(read.ok).toBe(true);
});
