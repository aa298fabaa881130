// Graph's message resource and the types in it, as far as a caller may write them: the schemas that check requests and make OpenAPI.
import { z } from 'zod';
import { isBase64 } from './base64.ts';

/** `[tT][eE]…`: JSON Schema's patterns know no flag, and OpenAPI is made from these. */
const caseless = (value: string): string => value.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

/** Enum values are read without case, as Graph does. */
const word = (...values: [string, ...string[]]) =>
  z
    .string()
    .regex(new RegExp(`^(${values.map(caseless).join('|')})$`), { error: `expected one of ${values.join(', ')}` })
    .meta({ description: `${values.join(', ')}; in any case` });

const text = z.string().nullish();
const flag = z.boolean().nullish();

const typeName = <const Name extends string>(name: Name) =>
  z.literal([`#microsoft.graph.${name}`, `microsoft.graph.${name}`], { error: `expected '#microsoft.graph.${name}'` });

/** One of Graph's types. Annotations (names with an at sign) may stand beside any property. */
const graphType = <Shape extends z.core.$ZodShape>(name: string, shape: Shape) =>
  z.strictObject({ ...shape, '@odata.type': typeName(name).nullish() }).meta({ id: name, patternProperties: { '@': {} } });

const emailAddressSchema = graphType('emailAddress', { address: text, name: text });
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

const headerSchema = graphType('internetMessageHeader', { name: z.string(), value: z.string() });

const base64Text = z.string().refine(isBase64, { error: 'expected base64 (RFC 4648)' }).meta({ contentEncoding: 'base64' });

const attachmentBase = { name: text, contentType: text, isInline: flag, size: z.int().nullish() };
const annotated = (id: string) => ({ id, patternProperties: { '@': {} } });

const fileAttachmentSchema = z
  .strictObject({
    '@odata.type': typeName('fileAttachment'),
    ...attachmentBase,
    contentBytes: base64Text,
    contentId: text,
    contentLocation: text,
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
  subject: text,
  body: bodySchema.nullish(),
  toRecipients: recipients,
  ccRecipients: recipients,
  bccRecipients: recipients,
  replyTo: recipients,
  from: recipientSchema.nullish(),
  sender: recipientSchema.nullish(),
  importance: word('low', 'normal', 'high').nullish(),
  inferenceClassification: word('focused', 'other').nullish(),
  categories: z.array(z.string()).nullish(),
  flag: flagSchema.nullish(),
  internetMessageId: text,
  internetMessageHeaders: z.array(headerSchema).nullish(),
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

export const sendMailSchema = z.strictObject({ message: messageSchema, saveToSentItems: booleanOrText }).meta({ id: 'sendMail' });

/** reply, replyAll, and their draft-making sisters. */
export const replySchema = z.strictObject({ message: messageSchema.nullish(), comment: text }).meta({ id: 'reply' });

export const forwardSchema = z
  .strictObject({ message: messageSchema.nullish(), comment: text, toRecipients: recipients })
  .meta({ id: 'forward' });

export type Message = z.infer<typeof messageSchema>;
export type GraphRecipient = z.infer<typeof recipientSchema>;
