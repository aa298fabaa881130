// The same caller-set Message-ID twice must give two mails, also where the first one is in doubt, and where no mark survives.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import type { Posted } from '../../support/running-stack.ts';
import { until } from '../../support/until.ts';

let stack: ProxiedStack;

beforeAll(async () => {
  stack = await startProxiedStack({ proxied: ['graph', 'tokens'], settings: { GRAPH_TIMEOUT: 'PT4S', IN_DOUBT_GRACE: 'PT5S' } });
});
afterAll(() => stack?.close());

const OF_MARKS = { dropHeaders: true, dropExtendedProperties: true };

const firsts = [
  { first: 'fine', fault: undefined },
  { first: 'in doubt and not taken', fault: { when: 'before', answer: { status: 500 } } },
  { first: 'in doubt and taken', fault: { when: 'after', answer: { status: 504 } } },
  { first: 'throttled', fault: { when: 'before', answer: { status: 429, retryAfter: 2 } } },
] as const;
const marks = [
  { mark: 'kept', effects: {} },
  { mark: 'lost', effects: OF_MARKS },
];
const formats = ['JSON', 'MIME'] as const;
const cases = firsts.flatMap((first) => marks.flatMap((mark) => formats.map((format) => ({ ...first, ...mark, format }))));

function post(format: 'JSON' | 'MIME', mailbox: string, messageId: string, subject: string): Promise<Posted> {
  if (format === 'MIME') {
    const head = [`From: ${mailbox}`, 'To: customer@example.com', `Subject: ${subject}`, `Message-ID: ${messageId}`, 'MIME-Version: 1.0'];
    return stack.sendMime([...head, '', 'Hello', ''].join('\r\n'), mailbox);
  }
  const toRecipients = [{ emailAddress: { address: 'customer@example.com' } }];
  const message = { subject, internetMessageId: messageId, body: { contentType: 'Text', content: 'Hello' }, toRecipients };
  return stack.post(`/v1.0/users/${mailbox}/sendMail`, JSON.stringify({ message }), { 'content-type': 'application/json' });
}

const isOut = ({ status }: { status: string }): boolean => status === 'sent' || status === 'accepted';

describe.concurrent('the same Message-ID twice gives two mails', () => {
  test.each(cases)('as $format, the first one $first, marks $mark', async ({ fault, effects, format, ...rest }) => {
    const index = cases.findIndex((one) => one.first === rest.first && one.mark === rest.mark && one.format === format);
    const mailbox = `shared-${index}@contoso.com`;
    const messageId = `<shared-${index}@contoso.com>`;
    // MIME takes the draft route as long as marks in MIME are not proven.
    for (const operation of ['sendMail', 'send']) {
      await stack.fault({ id: `${index} ${operation} effects`, mailbox, operation, when: 'after', answer: 'normal', times: null, effects });
      if (fault) await stack.fault({ id: `${index} ${operation}`, mailbox, operation, ...fault });
    }
    const first = await post(format, mailbox, messageId, 'first');
    const started = ({ status }: { status: string }) =>
      fault ? ['inDoubt', 'deferred'].includes(status) || isOut({ status }) : isOut({ status });
    await stack.until(first.location, 'on its way', started);
    const second = await post(format, mailbox, messageId, 'second');
    for (const { location } of [first, second]) await stack.until(location, 'out', isOut);
    await until(
      'two mails',
      async () => (await stack.journal()).get(mailbox)?.length,
      (mails) => mails === 2,
    );
    await stack.drained();
    const subjects = (await stack.journal()).get(mailbox)?.map(({ subject }) => subject);
    // A fault may also meet the second one: what counts is that each went out once.
    expect(subjects?.sort()).toEqual(['first', 'second']);
    for (const { location } of [first, second]) expect(isOut(await stack.get(location))).toBe(true);
  });
});

test('a copy without marks is not taken for that of the one in doubt while the other one is on its way', async () => {
  const mailbox = 'shared-on-its-way@contoso.com';
  const messageId = '<on-its-way@contoso.com>';
  await stack.fault({ mailbox, operation: 'sendMail', when: 'after', answer: 'normal', times: null, effects: OF_MARKS });
  await stack.fault({ mailbox, operation: 'sendMail', when: 'before', answer: { status: 500 } });
  const first = await post('JSON', mailbox, messageId, 'first');
  await stack.untilStatus(first.location, 'inDoubt');
  // Taken, and its copy is there, but no answer has come yet.
  const held = stack.graphProxy.hold('after', ({ path }) => path.endsWith('/sendMail') && decodeURIComponent(path).includes(mailbox));
  const second = await post('JSON', mailbox, messageId, 'second');
  await held.reached;
  const looks = async () =>
    stack.graphProxy.passed.filter(({ path }) => {
      const decoded = decodeURIComponent(path);
      return decoded.includes(`internetMessageId eq '${messageId}'`) && decoded.includes(mailbox);
    }).length;
  const before = await looks();
  await until('looked for while the other one was on its way', looks, (count) => count > before);
  held.release();
  for (const { location } of [first, second]) await stack.untilStatus(location, 'sent', 'accepted');
  await stack.drained();
  expect(
    (await stack.journal())
      .get(mailbox)
      ?.map(({ subject }) => subject)
      .sort(),
  ).toEqual(['first', 'second']);
});
