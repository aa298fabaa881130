// OpenAPI and the decoder, compared by a JSON Schema validator that is not ours: what the one takes the other takes, but for rules that a schema cannot say.
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTENT_ENCODINGS } from '../../../shared/adapters/http/content-encoding.ts';
import { openApi } from '../../../shared/adapters/http/openapi.ts';
import { pauseOrderSchema } from '../../../shared/adapters/http/pauses-handlers.ts';
import { readRequestHeaders } from '../../../shared/adapters/http/request-headers.ts';
import { decodeOperation } from '../../../shared/domain/content/decode-operation.ts';
import { OPERATION_TABLE, OPERATIONS, type Operation } from '../../../shared/domain/operations.ts';

interface Parameter {
  name: string;
  schema: object;
}
interface Described {
  parameters: Parameter[];
  requestBody: { content: { 'application/json': { schema: object } } };
}
const description = openApi('1.2.3') as { paths: Record<string, { post: Described }>; components: object };

const ajv = new Ajv2020({ strict: false, allErrors: false });
ajv.addSchema({ $id: 'https://example.com/api', components: description.components });
/** References are to the components of the description. */
const compiled = (schema: object) =>
  ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"https://example.com/api#/components')) as object);
const pathOf = (operation: Operation): string => `/v1.0/users/{mailbox}/${OPERATION_TABLE[operation].path}`;

const to = [{ emailAddress: { address: 'customer@example.com' } }];
const property = (id: string, value = 'x') => ({ toRecipients: to, singleValueExtendedProperties: [{ id, value }] });

/** Rules of the decoder that JSON Schema cannot say, or only in a pattern of a page. Each with a message that breaks it alone. */
const BEYOND_SCHEMA: readonly [RegExp, object][] = [
  [/Recipient ".*" isn't resolved/, { toRecipients: [{ emailAddress: { address: 'nobody' } }] }],
  [/expected a mail address/, { toRecipients: to, from: { emailAddress: { address: 'nobody' } } }],
  [/recipients over to, cc and bcc/, { toRecipients: [...to, ...to], ccRecipients: [...to, ...to] }],
  [/expected base64/, { toRecipients: to, conversationIndex: 'A' }],
  [/is reserved: this service/, property('String {00020386-0000-0000-C000-000000000046} Name x-send-request-id')],
  [/contains a line break/, property('String {00020386-0000-0000-C000-000000000046} Name x-a', 'a\nb')],
  [/has no address: name the address/, { toRecipients: to, from: { emailAddress: { address: null } } }],
  [/annotation .* is not accepted/, { toRecipients: to, 'author@odata.bind': 'x' }],
  [/extended property .* cannot be set/, property('String 0x001A')],
  [
    /is empty|has no content/,
    { toRecipients: to, attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a', contentBytes: '' }] },
  ],
  [/deferred-send property/, property('SystemTime 0x3FEF', 'tomorrow')],
];

test.each(BEYOND_SCHEMA)('the rule %s is beyond JSON Schema', (rule, given) => {
  const body = { message: given };
  expect(compiled({ $ref: '#/components/schemas/sendMail' })(body)).toBe(true);
  const decoded = decodeOperation('sendMail', 'json', new TextEncoder().encode(JSON.stringify(body)), 3);
  expect(decoded).toMatchObject({ ok: false, problem: { status: 400, message: expect.stringMatching(rule) } });
});

const sometimes = <T>(usual: fc.Arbitrary<T>, ...odd: unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 60, arbitrary: usual as fc.Arbitrary<unknown> },
    ...odd.map((value) => ({ weight: 1, arbitrary: fc.constant(value) })),
  );
const line = sometimes(fc.constantFrom('Invoice', '', 'Grüße', 'a\tb'), null, 'a\nb', 7, '\u0085');
const typed = (name: string) =>
  fc.constantFrom(`#microsoft.graph.${name}`, `microsoft.graph.${name}`, `#Microsoft.Graph.${name.toUpperCase()}`);
const recipient = fc.record(
  {
    emailAddress: sometimes(
      fc.record({ address: sometimes(fc.constant('customer@example.com'), 'nobody', null), name: line }, { requiredKeys: ['address'] }),
      null,
      'x',
    ),
    '@odata.type': sometimes(typed('recipient'), null, 'recipient', '#microsoft.graph.message'),
  },
  { requiredKeys: ['emailAddress'] },
);
const recipients = sometimes(fc.array(recipient, { maxLength: 3 }), null, {}, [null], undefined);
const body = sometimes(
  fc.record({
    contentType: sometimes(fc.constantFrom('text', 'HTML', 'Html'), 'markdown', null),
    content: sometimes(fc.constant('Hello'), null, 1),
  }),
  null,
  'Hello',
);
const header = fc.record({ name: sometimes(fc.constantFrom('x-a', 'X-B'), 'Subject', 'x-', 'x-a b', 'X-Send-Request-Id'), value: line });
const attachment = fc.record(
  {
    '@odata.type': sometimes(typed('fileAttachment'), 'fileAttachment', '#microsoft.graph.referenceAttachment', undefined),
    name: line,
    contentBytes: sometimes(fc.constantFrom('QUJD', ''), 'A', 1),
    contentId: line,
    isInline: sometimes(fc.boolean(), null, 'yes'),
    size: sometimes(fc.integer(), 1.5),
  },
  { requiredKeys: ['@odata.type', 'contentBytes', 'name'] },
);
const message = sometimes(
  fc.record(
    {
      subject: line,
      body,
      toRecipients: recipients,
      ccRecipients: recipients,
      from: sometimes(recipient, null),
      importance: sometimes(fc.constantFrom('low', 'High'), 'urgent', null),
      categories: sometimes(fc.array(line, { maxLength: 2 }), null, 'red'),
      internetMessageId: sometimes(fc.constantFrom('<a@example.com>', ''), 'a@example.com', '<a b>', null),
      internetMessageHeaders: sometimes(fc.array(header, { maxLength: 6 }), null),
      attachments: sometimes(fc.array(attachment, { maxLength: 2 }), null),
      '@odata.type': sometimes(typed('message'), 'message'),
      'subject@odata.type': fc.constant('#String'),
      webLink: sometimes(fc.constant(undefined), 'https://example.com'),
    },
    { requiredKeys: ['toRecipients'] },
  ),
  null,
  'x',
  undefined,
);
const parameters = fc.record(
  {
    message,
    comment: sometimes(fc.constantFrom('Thank you', ''), null, 1),
    toRecipients: recipients,
    saveToSentItems: sometimes(fc.constantFrom(true, 'False'), 'no', null),
    '@odata.context': fc.constant('x'),
  },
  { requiredKeys: ['message'] },
);
/** Only keys that the body's schema knows, most of the time: otherwise almost everything would be refused for them. */
const bodyOf = (operation: Operation): fc.Arbitrary<unknown> => {
  const keys = {
    sendMail: ['message', 'saveToSentItems'],
    reply: ['message', 'comment'],
    forward: ['message', 'comment', 'toRecipients'],
    message: [],
    none: [],
  }[OPERATION_TABLE[operation].body] as string[];
  if (OPERATION_TABLE[operation].body === 'message') return message.filter((value) => typeof value === 'object' && value !== null);
  const known = parameters.map((given) =>
    Object.fromEntries(Object.entries(given).filter(([key]) => keys.includes(key) || key.startsWith('@'))),
  );
  return fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: parameters });
};

const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each(OPERATIONS.filter((operation) => OPERATION_TABLE[operation].body !== 'none'))('a body of %s', (operation) => {
  test('is taken by the decoder if and only if OpenAPI takes it', () => {
    const validate = compiled(description.paths[pathOf(operation)]!.post.requestBody.content['application/json'].schema);
    const counts = { both: 0, neither: 0, beyond: 0 };
    fc.assert(
      fc.property(bodyOf(operation).map(withoutUndefined), (given) => {
        const isDescribed = validate(given);
        const decoded = decodeOperation(operation, 'json', new TextEncoder().encode(JSON.stringify(given)), 3);
        if (decoded.ok) {
          expect(isDescribed, `the decoder takes it; OpenAPI: ${ajv.errorsText(validate.errors)}`).toBe(true);
          counts.both++;
        } else if (isDescribed) {
          expect(decoded.problem.message).toSatisfy((text: string) => BEYOND_SCHEMA.some(([rule]) => rule.test(text)));
          counts.beyond++;
        } else counts.neither++;
      }),
      { seed: 20_261_129, numRuns: 1500 },
    );
    // The generator meets both, so that the comparison means something.
    expect(Math.min(counts.both, counts.neither)).toBeGreaterThan(20);
  });
});

describe('a request header', () => {
  const { parameters: described } = description.paths['/v1.0/users/{mailbox}/sendMail']!.post;
  const schemaOf = (name: string): object => described.find((parameter) => parameter.name === name)!.schema;

  test('Idempotency-Key is taken if and only if OpenAPI takes it', () => {
    const validate = compiled(schemaOf('Idempotency-Key'));
    const piece = fc.constantFrom('"', '\\', ' ', 'a', '4711', '~', 'ä', '\\"', '\\\\', ';', 'x'.repeat(120));
    const bare = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('').trim());
    fc.assert(
      fc.property(
        fc.oneof(
          bare,
          bare.map((text) => `"${text}"`),
        ),
        (key) => {
          const read = readRequestHeaders({ get: (name) => (name === 'Idempotency-Key' ? key : null) });
          // Parameters after a quoted key (RFC 9651 section 3.1.2) are ignored; OpenAPI does not describe them.
          fc.pre(!/^".*";/.test(key));
          expect(validate(key), key).toBe(read.ok);
        },
      ),
      { seed: 20_261_129, numRuns: 3000 },
    );
  });

  test('Content-Encoding names one encoding, in any case, and no list of them', () => {
    const validate = compiled(schemaOf('Content-Encoding'));
    for (const encoding of [...CONTENT_ENCODINGS, 'identity'])
      expect([validate(encoding), validate(encoding.toUpperCase())]).toEqual([true, true]);
    for (const other of ['gzip, gzip', 'gzip,br', 'zstd', '']) expect(validate(other)).toBe(false);
  });
});

test('an order to pause is taken if and only if OpenAPI takes it', () => {
  const validate = compiled({ $ref: '#/components/schemas/pauseOrder' });
  const order = fc.record(
    {
      scope: fc.constantFrom('everything', 'mailbox', 'application', 'nothing'),
      name: sometimes(fc.constant('sender@contoso.com'), '', 1, 'x'.repeat(255)),
      reason: sometimes(fc.constant('Wrong template'), '', null),
      other: fc.constant(1),
    },
    { requiredKeys: ['scope'] },
  );
  fc.assert(
    fc.property(order, (given) => {
      expect(validate(given)).toBe(pauseOrderSchema.safeParse(given).success);
    }),
    { seed: 20_261_129, numRuns: 1000 },
  );
});
