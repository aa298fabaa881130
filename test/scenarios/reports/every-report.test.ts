// Every report that Exchange and others write ends in the right outcome for its recipient, with the evidence that it deserves.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { magicRecipients } from '../../emulators/graph-mail/reports/magic-recipients.ts';
import { type RunningStack, type SendRequest, startRunningStack } from '../../support/running-stack.ts';
import { until } from '../../support/until.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startRunningStack({ settings: { RECONCILE_SCHEDULE: '* * * * * *', GRAPH_TIMEOUT: 'PT20S', IN_DOUBT_GRACE: 'PT30S' } });
});
afterAll(() => stack.close());

type Expected = Partial<SendRequest['recipients'][number]> | 'nothing';
interface Case {
  to: string;
  recipient: Expected;
  /** Words of the diagnostic code. */
  says?: string;
  /** Report events of the timeline; left out if two reports come within a second, in whichever order. */
  events?: string[] | undefined;
  request?: string;
  asks?: 'delivery' | 'read';
}

const failed = (to: string, status: string, says = status, more: Expected = {}): Case => ({
  to,
  recipient: { action: 'failed', status, evidence: 'exchangeReport', ...(more as object) },
  says,
  events: ['recipientFailed'],
  request: 'failed',
});
const byMail = { evidence: 'mail' };
const remote = { remoteMta: 'mx1.example.org' };
const unknown = (variant: string, more: Expected = remote): Case =>
  failed(`unknown-user${variant}@example.org`, '5.1.1', '550 5.1.1', more);
const said = (to: string, action: string, status: string, asks?: Case['asks']): Case => ({
  to,
  recipient: { action, status, evidence: 'exchangeReport' },
  events: [`recipient${action[0]?.toUpperCase()}${action.slice(1)}`],
  request: 'sent',
  ...(asks && { asks }),
});
const nothing = (to: string): Case => ({ to, recipient: 'nothing', events: [], request: 'sent' });

const CASES: readonly Case[] = [
  unknown(''),
  failed('unknown-user@contoso.com', '5.1.10', 'RESOLVER.ADR.RecipientNotFound'),
  failed('mailbox-full@example.org', '5.2.2', 'mailbox is full', remote),
  failed('mailbox-full@contoso.com', '5.2.2', 'mailbox full'),
  failed('dns-failure@example.org', '5.4.312', 'DNS query failed'),
  failed('connection-refused@example.org', '5.4.316', 'connection refused'),
  failed('expired@example.org', '4.4.7', 'QUEUE.Expired'),
  failed('blocked-sender@example.org', '5.1.8', 'bad outbound sender'),
  failed('quota-exceeded@example.org', '5.2.2', 'submission quota'),
  failed('daily-limit@example.org', '5.1.90', 'daily limit'),
  failed('tenant-limit@example.org', '5.7.233', 'external recipients'),
  failed('trial-tenant-limit@example.org', '5.7.232', 'external recipients'),
  failed('tenant-blocked@example.org', '5.7.705', 'exceeded threshold'),
  failed('not-authorised@contoso.com', '5.7.133', 'SenderNotAuthenticatedForGroup'),
  said('delayed@example.org', 'delayed', '4.4.7'),
  {
    ...failed('delayed-then-failed@example.org', '5.4.300', 'Message expired'),
    events: undefined,
  },
  { ...failed('failed-then-delayed@example.org', '5.4.300', 'Message expired'), events: undefined },
  said('delivered@contoso.com', 'delivered', '2.0.0', 'delivery'),
  nothing('delivered+not-asked@contoso.com'),
  said('relayed@example.org', 'relayed', '2.0.0', 'delivery'),
  said('expanded@contoso.com', 'expanded', '2.0.0', 'delivery'),
  {
    ...failed('delivered-then-failed@example.org', '5.7.1', 'rejected by policy', remote),
    events: undefined,
  },
  {
    to: 'reads@example.org',
    recipient: { disposition: 'displayed' },
    events: ['recipientRead'],
    request: 'sent',
    asks: 'read',
  },
  {
    to: 'not-read@example.org',
    recipient: { disposition: 'deleted' },
    events: ['recipientNotRead'],
    request: 'sent',
    asks: 'read',
  },
  ...['german', 'french', 'italian', 'dutch', 'portuguese', 'swedish'].map((language) => unknown(`-${language}`)),
  unknown('-regenerated'),
  unknown('-unthreaded', { ...remote, ...byMail }),
  unknown('-flattened', byMail),
  unknown('-text-only', byMail),
  unknown('-postfix', byMail),
  unknown('-junk', byMail),
  unknown('-twice'),
  unknown('-late'),
  unknown('-together'),
  nothing('quarantined@example.org'),
  nothing('filtered-as-spam@example.org'),
  nothing('out-of-office@contoso.com'),
  nothing('complains@example.org'),
  nothing('quotes-a-report@example.org'),
];

const REPORT = /^recipient/;
const reportEvents = ({ events }: SendRequest): string[] => events.map(({ type }) => type).filter((type) => REPORT.test(type));

/** Each blocks its account, so it has a mailbox of its own. */
const OWN_ACCOUNT = ['blocked-sender', 'quota-exceeded', 'daily-limit', 'tenant-blocked'];

const mailboxOf = ({ to }: Case, index: number): string => {
  const name = to.slice(0, to.indexOf('@'));
  return OWN_ACCOUNT.includes(name) ? `${name}@contoso.com` : `reports-${index % 6}@contoso.com`;
};

async function post(one: Case, index: number): Promise<string> {
  const { to, asks } = one;
  const message = {
    subject: `To ${to}`,
    body: { contentType: 'Text', content: 'Please find the invoice in our portal.' },
    toRecipients: [{ emailAddress: { address: to } }],
    ...(asks === 'delivery' && { isDeliveryReceiptRequested: true }),
    ...(asks === 'read' && { isReadReceiptRequested: true }),
  };
  const path = `/v1.0/users/${mailboxOf(one, index)}/sendMail`;
  const posted = await stack.post(path, JSON.stringify({ message }), { 'content-type': 'application/json' });
  expect(posted.status).toBe(202);
  return posted.location;
}

/** Everything has arrived, and every mailbox has been visited since. */
async function allRead(): Promise<void> {
  await stack.settled();
  const runs = () => stack.log.filter((line) => line.includes('"event":"reconciled"')).length;
  const seen = runs();
  await until(
    'two runs of the reconciler',
    async () => runs(),
    (count) => count >= seen + 2,
  );
}

test('each kind of report that the emulator writes is among the cases', () => {
  const names = new Set(CASES.map(({ to }) => to.replace(/(\+.*)?@.*/, '')));
  expect(magicRecipients.map(({ localPart }) => localPart).filter((name) => !names.has(name))).toEqual([]);
});

describe('a mail to', () => {
  const seen = new Map<string, SendRequest>();
  beforeAll(async () => {
    const locations = await Promise.all(CASES.map(post));
    // One after the other: all of them asking all the time would be most of the work.
    for (const [index, { to, events = [''] }] of CASES.entries()) {
      const all = (request: SendRequest) => reportEvents(request).length >= events.length;
      // What never comes is told by its own test.
      await stack.until(locations[index] as string, `reported for ${to}`, all, 30_000).catch(() => undefined);
    }
    await allRead();
    for (const [index, { to }] of CASES.entries()) seen.set(to, await stack.get(locations[index] as string));
  });

  test.each(CASES.map((one) => [one.to, one] as const))(
    '%s ends with what its report says, and no more',
    (to, { recipient, says, events, request }) => {
      const found = seen.get(to) as SendRequest;
      const [one] = found.recipients;
      if (recipient === 'nothing') expect(one).toEqual({ address: to, type: 'to' });
      else expect(one).toMatchObject(recipient);
      if (says) expect(one?.diagnosticCode).toContain(says);
      if (events) expect(reportEvents(found)).toEqual(events);
      expect(found.status).toBe(request);
    },
  );
});

describe('a mail to many', () => {
  const to = [
    'unknown-user@example.org',
    'unknown-user@contoso.com',
    'delayed@example.org',
    'mailbox-full@example.com',
    'unknown-user-german@example.org',
    'unknown-user-postfix@example.com',
    'unknown-user-twice@example.net',
    'bob@contoso.com',
    'customer@example.com',
  ];
  const actions = ({ recipients }: SendRequest) => recipients.map(({ action }) => action ?? '-').join(' ');
  const EXPECTED = 'failed failed delayed failed failed failed failed - -';

  test('has an outcome for each, whose reports come in several mails and two in one', async () => {
    const posted = await stack.send({ mailbox: 'mixed@contoso.com', subject: 'Mixed', to });
    await stack.until(posted.location, 'all reported', (one) => actions(one) === EXPECTED);
    await allRead();
    const request = await stack.get(posted.location);
    expect(request).toMatchObject({ status: 'sent', recipientCounts: { failed: 6, delayed: 1, total: 9 } });
    expect(actions(request)).toBe(EXPECTED);
    await allRead();
    expect(await stack.get(posted.location)).toEqual(request);
  });

  test('whose reports are held back, and whose copy is seen last, has the same outcome', async () => {
    await stack.graph('POST', 'stages/hold', { stage: 'file', mailbox: 'late@contoso.com' });
    const posted = await stack.send({ mailbox: 'late@contoso.com', subject: 'Late', to });
    const early = await stack.until(posted.location, 'all reported', (one) => actions(one) === EXPECTED);
    expect(early.status).toBe('accepted');
    await stack.graph('POST', 'stages/release', { stage: 'file', mailbox: 'late@contoso.com' });
    const request = await stack.untilStatus(posted.location, 'sent');
    expect(actions(request)).toBe(EXPECTED);
  });
});
