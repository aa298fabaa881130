// Graph's message resource and the types in it, as far as a caller may write them: the schemas that check requests and make OpenAPI.
import * as z from 'zod';
import { MARK_HEADER, MAXIMUM_CUSTOM_HEADERS } from '../doubt/marks.ts';
import { isBase64 } from './base64.ts';
import type { GraphTypeName } from './type-names.ts';

/** `[tT][eE]…`: JSON Schema's patterns know no flag, and OpenAPI is made from these. */
export const caseless = (value: string): string => value.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

/** RFC 5322 section 3.6.8; Graph takes only names that start with x-. */
export const HEADER_NAME = '^[xX]-[\\u0021-\\u0039\\u003b-\\u007e]{1,200}$';
/** RFC 5322 section 3.6.4, as loosely as Exchange takes it. */
export const MESSAGE_ID = '^<[^<>\\s\\p{Cc}\\p{Cs}]{1,990}>$';

/** Enum values are read without case, as Graph does. */
const word = (...values: [string, ...string[]]) =>
  z
    .string()
    .regex(new RegExp(`^(${values.map(caseless).join('|')})$`), { error: `expected one of ${values.join(', ')}` })
    .meta({ description: `${values.join(', ')}; in any case` });

const text = z.string().nullish();
/** Becomes a header of the mail. message-checks.ts refuses a line break in it, in Graph's words; this is what OpenAPI says of it. */
const oneLine = z.string().meta({ pattern: '^[^\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f]*$' });
const flag = z.boolean().nullish();

const typeName = <const Name extends GraphTypeName>(name: Name) =>
  z.literal([`#microsoft.graph.${name}`, `microsoft.graph.${name}`], { error: `expected '#microsoft.graph.${name}'` });

/** One of Graph's types. Annotations (names with an at sign) may stand beside any property. */
const graphType = <Shape extends z.core.$ZodShape>(name: GraphTypeName, shape: Shape) =>
  z.strictObject({ ...shape, '@odata.type': typeName(name).nullish() }).meta({ id: name, patternProperties: { '@': {} } });

const emailAddressSchema = graphType('emailAddress', { address: oneLine.nullish(), name: oneLine.nullish() });
const recipientSchema = graphType('recipient', { emailAddress: emailAddressSchema.nullish() });
const recipients = z.array(recipientSchema).nullish();

const bodySchema = graphType('itemBody', { contentType: word('text', 'html').nullish(), content: text });

const dateTimeTimeZone = graphType('dateTimeTimeZone', { dateTime: z.string(), timeZone: text }).nullish();

const flagSchema = graphType('followupFlag', {
  flagStatus: word('notFlagged', 'complete', 'flagged').nullish(),
  startDateTime: dateTimeTimeZone,
  dueDateTime: dateTimeTimeZone,
  completedDateTime: dateTimeTimeZone,
});

/** message-checks.ts refuses other names, in Graph's words. */
const headerName = z.string().meta({
  pattern: HEADER_NAME,
  not: { pattern: `^${caseless(MARK_HEADER)}$` },
  description: `Begins with x-; '${MARK_HEADER}' is reserved`,
});
const headerSchema = graphType('internetMessageHeader', { name: headerName, value: oneLine });

const base64Text = z.string().refine(isBase64, { error: 'expected base64 (RFC 4648)' }).meta({ contentEncoding: 'base64' });

const attachmentBase = { name: oneLine.nullish(), contentType: oneLine.nullish(), isInline: flag, size: z.int().nullish() };
const annotated = (id: string) => ({ id, patternProperties: { '@': {} } });

const fileAttachmentSchema = z
  .strictObject({
    '@odata.type': typeName('fileAttachment'),
    ...attachmentBase,
    contentBytes: base64Text,
    contentId: oneLine.nullish(),
    contentLocation: oneLine.nullish(),
  })
  .meta(annotated('fileAttachment'));

/** The attached item's own type has more properties than a mail; Graph checks them. */
const itemAttachmentSchema = z
  .strictObject({
    '@odata.type': typeName('itemAttachment'),
    ...attachmentBase,
    item: z.looseObject({ '@odata.type': z.string() }),
  })
  .meta(annotated('itemAttachment'));

/** A reference attachment has no property that could be set (v1.0), so it is none of these. */
const attachmentSchema = z.discriminatedUnion('@odata.type', [fileAttachmentSchema, itemAttachmentSchema], {
  error: "expected '#microsoft.graph.fileAttachment' or '#microsoft.graph.itemAttachment'",
});

const singleValueProperty = graphType('singleValueLegacyExtendedProperty', { id: z.string(), value: z.string() });
const multiValueProperty = graphType('multiValueLegacyExtendedProperty', { id: z.string(), value: z.array(z.string()) });

/** An open extension: data of the application's own, kept with the item in the mailbox. */
const extensionSchema = z.looseObject({ extensionName: z.string() }).meta({ id: 'openTypeExtension' });

/** Properties that Exchange sets and a caller may not, such as id, bodyPreview and webLink, are left out, so they are refused by name. */
export const messageSchema = graphType('message', {
  subject: oneLine.nullish(),
  body: bodySchema.nullish(),
  toRecipients: recipients,
  ccRecipients: recipients,
  bccRecipients: recipients,
  replyTo: recipients,
  from: recipientSchema.nullish(),
  sender: recipientSchema.nullish(),
  importance: word('low', 'normal', 'high').nullish(),
  inferenceClassification: word('focused', 'other').nullish(),
  categories: z.array(oneLine).nullish(),
  flag: flagSchema.nullish(),
  internetMessageId: z
    .string()
    .meta({ pattern: `^$|${MESSAGE_ID}` })
    .nullish(),
  internetMessageHeaders: z.array(headerSchema).meta({ maxItems: MAXIMUM_CUSTOM_HEADERS }).nullish(),
  isDeliveryReceiptRequested: flag,
  isReadReceiptRequested: flag,
  isRead: flag,
  conversationId: text,
  conversationIndex: base64Text.nullish(),
  attachments: z.array(attachmentSchema).nullish(),
  extensions: z.array(extensionSchema).nullish(),
  singleValueExtendedProperties: z.array(singleValueProperty).nullish(),
  multiValueExtendedProperties: z.array(multiValueProperty).nullish(),
});

/** Graph's own examples send the string "false". */
const booleanOrText = z.union([z.boolean(), word('true', 'false')], { error: 'expected true or false' }).nullish();

/** Annotations may stand beside the parameters, too. */
const parameters = (id: string, rules: Record<string, unknown> = {}) => ({ ...annotated(id), ...rules });

/** What decode-answer.ts and decoded.ts check in Graph's words, as JSON Schema says it. */
const given = { not: { type: 'null' } };
const has = (...path: string[]): Record<string, unknown> =>
  path.reduceRight<Record<string, unknown>>((inner, name) => ({ type: 'object', required: [name], properties: { [name]: inner } }), given);
const hasRecipient = (list: string) => ({
  properties: { message: { type: 'object', required: [list], properties: { [list]: { type: 'array', minItems: 1 } } } },
});

export const sendMailSchema = z
  .strictObject({ message: messageSchema, saveToSentItems: booleanOrText })
  .meta(parameters('sendMail', { anyOf: ['toRecipients', 'ccRecipients', 'bccRecipients'].map(hasRecipient) }));

/** A forward goes out, so it names somebody; the draft of one need not. */
export const FORWARD_NEEDS = {
  allOf: [
    { anyOf: [has('toRecipients'), has('message', 'toRecipients')] },
    {
      anyOf: [
        { required: ['toRecipients'], properties: { toRecipients: { type: 'array', minItems: 1 } } },
        ...['toRecipients', 'ccRecipients', 'bccRecipients'].map((list) => ({ required: ['message'], ...hasRecipient(list) })),
      ],
    },
  ],
};

const notBoth = (one: Record<string, unknown>, other: Record<string, unknown>) => ({ not: { allOf: [one, other] } });
const commentOrBody = notBoth(has('comment'), has('message', 'body'));

/** reply, replyAll, and the operations that create their drafts. */
export const replySchema = z.strictObject({ message: messageSchema.nullish(), comment: text }).meta(parameters('reply', commentOrBody));

export const forwardSchema = z
  .strictObject({ message: messageSchema.nullish(), comment: text, toRecipients: recipients })
  .meta(parameters('forward', { allOf: [commentOrBody, notBoth(has('toRecipients'), has('message', 'toRecipients'))] }));

export type Message = z.infer<typeof messageSchema>;
export type GraphRecipient = z.infer<typeof recipientSchema>;
