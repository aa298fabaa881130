// Type names in another letter case, as libraries write them: taken, and passed on as Graph spells them.
import { describe, expect, test } from 'vitest';
import { annotationProblem } from '../../../shared/domain/content/annotations.ts';
import { decodeOperation } from '../../../shared/domain/content/decode-operation.ts';
import { LargeString } from '../../../shared/domain/content/large-string.ts';
import { canonicaliseTypeNames } from '../../../shared/domain/content/type-names.ts';

const to = [{ emailAddress: { address: 'customer@example.com' } }];
function kept(message: object): Record<string, unknown> {
  const body = new TextEncoder().encode(JSON.stringify({ message: { toRecipients: to, ...message } }));
  const decoded = decodeOperation('sendMail', 'json', body, 3);
  if (!decoded.ok) throw new Error(decoded.problem.message);
  return (JSON.parse(new TextDecoder().decode(decoded.value.content)) as { message: Record<string, unknown> }).message;
}

test.each(['microsoft.graph.Message', '#Microsoft.Graph.MESSAGE', '#microsoft.graph.message'])('of a message: %s', (name) => {
  expect(kept({ '@odata.type': name })['@odata.type']).toBe(name.startsWith('#') ? '#microsoft.graph.message' : 'microsoft.graph.message');
});

test('of what is in it, at any depth, and in an item that is attached', () => {
  const item = {
    '@odata.type': '#microsoft.graph.Message',
    subject: 'x',
    body: { '@odata.type': 'Microsoft.Graph.ItemBody', content: 'x' },
  };
  const given = kept({
    toRecipients: [
      {
        '@odata.type': '#microsoft.graph.Recipient',
        emailAddress: { '@odata.type': 'microsoft.graph.EmailAddress', address: 'a@example.com' },
      },
    ],
    'ccRecipients@odata.type': '#Collection(microsoft.graph.Recipient)',
    attachments: [
      { '@odata.type': '#Microsoft.Graph.FileAttachment', name: 'a', contentBytes: 'QUJD' },
      { '@odata.type': '#microsoft.graph.ItemAttachment', name: 'b', item },
    ],
  });
  const names = [...JSON.stringify(given).matchAll(/"[^"]*@odata\.type":"([^"]*)"/g)].map(([, name]) => name);
  expect(names).toEqual([
    '#microsoft.graph.recipient',
    'microsoft.graph.emailAddress',
    '#Collection(microsoft.graph.recipient)',
    '#microsoft.graph.fileAttachment',
    '#microsoft.graph.itemAttachment',
    '#microsoft.graph.message',
    'microsoft.graph.itemBody',
  ]);
});

describe('is still refused:', () => {
  test.each(['microsoft.graph.event', 'microsoft.graph', 'graph.message', '#microsoft.graph.messages', 'message'])(
    '%s for a message',
    (name) => {
      expect(() => kept({ '@odata.type': name })).toThrow("'message.@odata.type'");
    },
  );

  test('a property name in another letter case, as Graph refuses it', () => {
    expect(() => kept({ Subject: 'x' })).toThrow("'message.Subject'");
  });
});

test('a name that we do not know stays as it is, where any type may stand', () => {
  const item = { '@odata.type': '#microsoft.graph.Note', note: '@odata.type' };
  const given = kept({ attachments: [{ '@odata.type': '#microsoft.graph.itemAttachment', name: 'b', item }] });
  expect(given['attachments']).toMatchObject([{ item }]);
});

test('no name is looked for among the bytes of an attachment: millions of them take no time', () => {
  let looks = 0;
  const ownKeys = () => {
    looks++;
    return [];
  };
  const body = { contentBytes: new LargeString(new Proxy(new Uint8Array(0), { ownKeys })) };
  canonicaliseTypeNames(body);
  expect(annotationProblem(body)).toBeUndefined();
  expect(looks).toBe(0);
  Object.entries(body.contentBytes.bytes);
  expect(looks).toBe(1);
});
