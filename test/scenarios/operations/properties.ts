// Property by property: what Graph's message may carry, from the POST to the recipient and to the copy in Sent Items.
import PostalMime, { type Email } from 'postal-mime';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunningStack } from '../../support/running-stack.ts';
import { at, base64, type Delivery, type Json, mailsIn, mimeOf, post, transported } from './operations.ts';

interface Row {
  /** What the message has beside subject and recipient. */
  message: Json;
  /** Read from what the recipient got. */
  mail?: (email: Email, source: string) => unknown;
  /** Read from the copy, as Graph shows it. */
  copy?: (message: Json) => unknown;
  is: unknown;
}

const header = (name: string) => (email: Email) => email.headers.find(({ key }) => key === name)?.value;
const named = (address: string, name: string) => ({ emailAddress: { name, address } });
const TAGS = 'StringArray {00020329-0000-0000-c000-000000000046} Name Tags';
const ORDER = 'String {00020329-0000-0000-c000-000000000046} Name Order';
const file = (more: Json = {}) => ({
  '@odata.type': '#microsoft.graph.fileAttachment',
  name: 'a.txt',
  contentBytes: base64('Hi'),
  ...more,
});
const filesOf = ({ attachments }: Email) =>
  attachments.map((one) => ({ name: one.filename, type: one.mimeType, text: Buffer.from(one.content as ArrayBuffer).toString() }));
const attached = { '@odata.type': '#microsoft.graph.message', subject: 'Within', body: { contentType: 'text', content: 'Deep inside' } };
const fiveHeaders = ['x-a', 'x-b', 'x-c', 'x-d', 'x-e'].map((name) => ({ name, value: `of ${name}` }));

const ROWS: Record<string, Row> = {
  'body, text': { message: { body: { contentType: 'Text', content: 'Zum Gruß\r\n' } }, mail: ({ text }) => text?.trim(), is: 'Zum Gruß' },
  'body, HTML': {
    message: { body: { contentType: 'hTmL', content: '<b>Gruß</b>' } },
    mail: ({ html }) => html?.includes('<b>Gruß</b>'),
    is: true,
  },
  ccRecipients: {
    message: { ccRecipients: [named('copied@example.com', 'Grüße, AG')] },
    mail: ({ cc }) => cc,
    is: [{ name: 'Grüße, AG', address: 'copied@example.com' }],
  },
  bccRecipients: { message: { bccRecipients: at('hidden@example.com') }, mail: (_, source) => source.includes('hidden@'), is: false },
  replyTo: {
    message: { replyTo: [named('billing@contoso.com', 'Billing')] },
    mail: ({ replyTo }) => replyTo,
    is: [{ name: 'Billing', address: 'billing@contoso.com' }],
  },
  'importance, in any case': { message: { importance: 'HIGH' }, mail: header('importance'), is: 'high' },
  'importance, in the copy': { message: { importance: 'Low' }, copy: ({ importance }) => importance, is: 'low' },
  categories: { message: { categories: ['Red', 'Grün'] }, copy: ({ categories }) => categories, is: ['Red', 'Grün'] },
  flag: {
    message: { flag: { flagStatus: 'Flagged', dueDateTime: { dateTime: '2027-01-01T08:00:00', timeZone: 'UTC' } } },
    copy: ({ flag }) => (flag as Json)['flagStatus'],
    is: 'flagged',
  },
  inferenceClassification: {
    message: { inferenceClassification: 'Other' },
    copy: (message) => message['inferenceClassification'],
    is: 'other',
  },
  isReadReceiptRequested: {
    message: { isReadReceiptRequested: true },
    mail: (email) => header('disposition-notification-to')(email) !== undefined,
    is: true,
  },
  isDeliveryReceiptRequested: {
    message: { isDeliveryReceiptRequested: true },
    copy: (message) => message['isDeliveryReceiptRequested'],
    is: true,
  },
  internetMessageId: {
    message: { internetMessageId: '<own-4711@contoso.com>' },
    mail: ({ messageId }) => messageId,
    is: '<own-4711@contoso.com>',
  },
  'internetMessageHeaders, four and our mark': {
    message: { internetMessageHeaders: fiveHeaders.slice(1) },
    mail: ({ headers }) =>
      headers
        .filter(({ key }) => key.startsWith('x-'))
        .map(({ key }) => key)
        .sort(),
    is: ['x-b', 'x-c', 'x-d', 'x-e', 'x-send-request-id'],
  },
  'internetMessageHeaders, five and no room for our mark': {
    message: { internetMessageHeaders: fiveHeaders },
    mail: ({ headers }) =>
      headers
        .filter(({ key }) => key.startsWith('x-'))
        .map(({ key, value }) => `${key} ${value}`)
        .sort(),
    is: fiveHeaders.map(({ name, value }) => `${name} ${value}`),
  },
  'singleValueExtendedProperties, a header': {
    message: { singleValueExtendedProperties: [{ id: 'String 0x1042', value: '<4710@contoso.com>' }] },
    mail: ({ inReplyTo }) => inReplyTo,
    is: '<4710@contoso.com>',
  },
  'singleValueExtendedProperties, of the application': {
    message: { singleValueExtendedProperties: [{ id: ORDER, value: '4711' }] },
    copy: (message) => (message['singleValueExtendedProperties'] as Json[]).map(({ value }) => value),
    is: ['4711'],
  },
  multiValueExtendedProperties: {
    message: { multiValueExtendedProperties: [{ id: TAGS, value: ['a', 'b'] }] },
    copy: (message) => (message['multiValueExtendedProperties'] as Json[]).map(({ value }) => value),
    is: [['a', 'b']],
  },
  'attachments, a file': {
    message: { attachments: [file({ contentType: 'text/csv', name: 'Übersicht.csv' })] },
    mail: filesOf,
    is: [{ name: 'Übersicht.csv', type: 'text/csv', text: 'Hi' }],
  },
  'attachments, a picture in the text': {
    message: {
      body: { contentType: 'html', content: '<img src="cid:logo1">' },
      attachments: [file({ name: 'logo.png', contentType: 'image/png', isInline: true, contentId: 'logo1' })],
    },
    mail: ({ attachments }) => attachments.map(({ contentId, related }) => [contentId, related]),
    is: [['<logo1>', true]],
  },
  'attachments, an item': {
    message: { attachments: [{ '@odata.type': '#microsoft.graph.itemAttachment', name: 'Within', item: attached }] },
    mail: (_, source) => [/message\/rfc822/i.test(source), source.includes('Deep inside')],
    is: [true, true],
  },
};

async function copyOf(stack: RunningStack, mailbox: string): Promise<Json> {
  const [copy] = await mailsIn(stack, mailbox, 'sentitems');
  const { access_token: token } = await stack.graph<{ access_token: string }>('POST', 'token', {});
  const expand = `singleValueExtendedProperties($filter=id eq '${ORDER}'),multiValueExtendedProperties($filter=id eq '${TAGS}')`;
  const url = `${stack.url('graph')}/v1.0/users/${mailbox}/messages/${copy?.id}?$expand=${encodeURIComponent(expand)}`;
  return (await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json()) as Json;
}

const mailboxOf = (name: string): string => `property-${name.replace(/\W+/g, '-')}@contoso.com`.toLowerCase();

export function describeProperties(stack: () => RunningStack): void {
  describe('a message in JSON', () => {
    // All of them at a time: each has a mailbox of its own.
    beforeAll(async () => {
      const sent = Object.entries(ROWS).map(async ([name, { message }]) => {
        const whole = { subject: name, toRecipients: at('reader@example.com'), ...message };
        const { location } = await post(stack(), mailboxOf(name), 'sendMail', { message: whole });
        await stack().untilStatus(location, 'sent');
      });
      await Promise.all(sent);
    });

    test.each(Object.entries(ROWS))('%s arrives', async (name, { message, mail, copy, is }) => {
      const [delivery] = await transported(stack(), mailboxOf(name));
      expect(delivery?.recipients).toHaveLength('ccRecipients' in message || 'bccRecipients' in message ? 2 : 1);
      const source = await mimeOf(stack(), delivery as Delivery);
      if (mail) expect(mail(await PostalMime.parse(source), source.toString())).toEqual(is);
      if (copy) expect(copy(await copyOf(stack(), mailboxOf(name)))).toEqual(is);
    });
  });
}
