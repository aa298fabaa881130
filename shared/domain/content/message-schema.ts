// Graph's message resource and the types in it, as far as a caller may write them: the schemas that check requests and make OpenAPI.
import { z } from 'zod';

/** Enum values are read without case, as Graph does. */
const word = (...values: [string, ...string[]]) =>
  z.string().regex(new RegExp(`^(${values.join('|')})$`, 'i'), { error: `expected one of ${values.join(', ')}` });

const text = z.string().nullish();
const flag = z.boolean().nullish();
const dateTime = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)), { error: 'expected a date and time (RFC 3339)' })
  .nullish();
/** Annotations such as @odata.type may stand beside any property. */
const annotation = { '@odata.type': text, '@odata.etag': text };

export const emailAddressSchema = z.strictObject({ address: text, name: text, ...annotation }).meta({ id: 'emailAddress' });

export const recipientSchema = z.strictObject({ emailAddress: emailAddressSchema.nullish(), ...annotation }).meta({ id: 'recipient' });

const recipients = z.array(recipientSchema).nullish();

const bodySchema = z.strictObject({ contentType: word('text', 'html').nullish(), content: text, ...annotation }).meta({ id: 'itemBody' });

const dateTimeTimeZone = z.strictObject({ dateTime: text, timeZone: text, ...annotation }).nullish();

const flagSchema = z
  .strictObject({
    flagStatus: word('notFlagged', 'complete', 'flagged').nullish(),
    startDateTime: dateTimeTimeZone,
    dueDateTime: dateTimeTimeZone,
    completedDateTime: dateTimeTimeZone,
    ...annotation,
  })
  .meta({ id: 'followupFlag' });

export const headerSchema = z.strictObject({ name: z.string(), value: z.string(), ...annotation }).meta({ id: 'internetMessageHeader' });

const base64Text = z.string().refine(isBase64, { error: 'expected base64' });

/** Checked without a regular expression over megabytes. */
function isBase64(value: string): boolean {
  if (value.length % 4 !== 0) return false;
  const end = value.endsWith('==') ? value.length - 2 : value.endsWith('=') ? value.length - 1 : value.length;
  for (let i = 0; i < end; i++) {
    const code = value.charCodeAt(i);
    const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
    if (!letter && code !== 43 && code !== 47) return false;
  }
  return true;
}

const attachmentBase = { name: z.string(), contentType: text, isInline: flag, size: z.number().nullish(), lastModifiedDateTime: dateTime };

export const fileAttachmentSchema = z
  .strictObject({
    '@odata.type': z.literal('#microsoft.graph.fileAttachment'),
    '@odata.mediaContentType': text,
    ...attachmentBase,
    contentBytes: base64Text,
    contentId: text,
    contentLocation: text,
  })
  .meta({ id: 'fileAttachment' });

/** The attached item's own type has more properties than a mail; Graph checks them. */
export const itemAttachmentSchema = z
  .strictObject({
    '@odata.type': z.literal('#microsoft.graph.itemAttachment'),
    ...attachmentBase,
    item: z.looseObject({ '@odata.type': z.string() }),
  })
  .meta({ id: 'itemAttachment' });

export const attachmentSchema = z.discriminatedUnion('@odata.type', [fileAttachmentSchema, itemAttachmentSchema], {
  error: "expected '#microsoft.graph.fileAttachment' or '#microsoft.graph.itemAttachment' in @odata.type",
});

const singleValueProperty = z
  .strictObject({ id: z.string(), value: z.string(), ...annotation })
  .meta({ id: 'singleValueLegacyExtendedProperty' });
const multiValueProperty = z
  .strictObject({ id: z.string(), value: z.array(z.string()), ...annotation })
  .meta({ id: 'multiValueLegacyExtendedProperty' });

/** Properties that Exchange sets and a caller may not: id, bodyPreview, webLink ... are left out, so they are refused by name. */
export const messageSchema = z
  .strictObject({
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
    conversationIndex: text,
    attachments: z.array(attachmentSchema).nullish(),
    singleValueExtendedProperties: z.array(singleValueProperty).nullish(),
    multiValueExtendedProperties: z.array(multiValueProperty).nullish(),
    ...annotation,
  })
  .meta({ id: 'message' });

/** Graph's own examples send the string "false". */
const booleanOrText = z.union([z.boolean(), word('true', 'false')], { error: 'expected true or false' }).nullish();

export const sendMailSchema = z.strictObject({ message: messageSchema, saveToSentItems: booleanOrText }).meta({ id: 'sendMail' });

export type Message = z.infer<typeof messageSchema>;
export type GraphRecipient = z.infer<typeof recipientSchema>;
