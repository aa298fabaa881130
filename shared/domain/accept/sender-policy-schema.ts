// The shape of the sender policy: which application may send as which mailbox. The published JSON Schema is made from it.
import * as z from 'zod';
import { EXCHANGE_MESSAGES_PER_MINUTE, EXCHANGE_RECIPIENTS_PER_DAY } from '../limits/limit-rules.ts';
import { SUPPRESSED_RECIPIENTS } from './suppression.ts';

const GUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const ADDRESS = '[^\\s@*/\\\\?#%]+@[^\\s@*/\\\\?#%]+';

const mailboxName = z
  .string()
  .max(254)
  .regex(new RegExp(`^(?:${GUID}|${ADDRESS})$`), 'must be a mail address or an object id');
const mailboxPattern = z
  .string()
  .max(254)
  .regex(new RegExp(`^(?:${GUID}|${ADDRESS}|\\*@[^\\s@*/]+)$`), 'must be a mail address, an object id, or *@ and a domain');
const fromPattern = z
  .string()
  .max(320)
  .regex(new RegExp(`^(?:${ADDRESS}|\\*@[^\\s@*/]+)$`), 'must be a mail address, or *@ and a domain');
const domainPattern = z
  .string()
  .max(255)
  .regex(/^(?:\*\.)?[^\s@*/]+$/, 'must be a domain, or *. and a domain');

const mailbox = z
  .strictObject({
    name: mailboxName.describe('The name of the mailbox in the queue and the log'),
    otherNames: z.array(mailboxName).optional().describe('Other names of this mailbox: aliases, the user principal name, the object id'),
    messagesPerMinute: z.int().min(1).max(EXCHANGE_MESSAGES_PER_MINUTE).optional().describe('Maximum number of mails in a minute'),
    recipientsPerDay: z.int().min(1).max(EXCHANGE_RECIPIENTS_PER_DAY).optional().describe('Maximum number of recipients in 24 hours'),
    comment: z.string().optional(),
  })
  .describe('A mailbox that has more than one name, or limits of its own');

const perMailbox = z
  .strictObject({
    messagesPerMinute: z.int().min(1).max(EXCHANGE_MESSAGES_PER_MINUTE).optional(),
    recipientsPerDay: z.int().min(1).max(EXCHANGE_RECIPIENTS_PER_DAY).optional().describe('In 24 hours'),
    shareOfDay: z.number().gt(0).max(1).optional().describe('Of the recipients that the mailbox may have in 24 hours: 0.5 is half'),
  })
  .describe('What it may send from each of its mailboxes. Mail above it waits');

const application = z
  .strictObject({
    name: z.string().min(1).max(100).describe('For people'),
    applicationId: z.string().min(1).max(100).describe("Application (client) id; or 'function-key' with CALLER_AUTH=function-key"),
    mailboxes: z.array(mailboxPattern).min(1).describe('Mailboxes that it may send as: addresses, object ids, *@domain'),
    from: z.array(fromPattern).optional().describe("From addresses besides the mailbox's own names"),
    mailsPerMinute: z.int().min(1).optional(),
    mailsPerDay: z.int().min(1).optional().describe('Maximum number of mails in a UTC day'),
    perMailbox: perMailbox.optional(),
    recipientsPerMail: z.int().min(1).max(1000).optional(),
    maximumMessageSize: z.int().min(1024).optional().describe('Bytes'),
    recipientDomains: z
      .array(domainPattern)
      .min(1)
      .optional()
      .describe('The only domains that it may send to; *.domain means the subdomains'),
    requireIdempotencyKey: z.boolean().optional(),
    suppressedRecipients: z
      .enum(SUPPRESSED_RECIPIENTS)
      .optional()
      .describe(
        'With the setting SUPPRESSION: what happens to mail to an address that Exchange has reported as non-existent. By default it is refused',
      ),
    delegated: z
      .boolean()
      .optional()
      .describe("Whether tokens of signed-in people are accepted; by default only the application's own are"),
    comment: z.string().optional(),
  })
  .describe('What an application may do. Everything that is not listed is denied');

export const senderPolicySchema = z
  .strictObject({
    $schema: z.string().optional(),
    mailboxes: z.array(mailbox).optional(),
    applications: z.array(application),
  })
  .describe('Sender policy of graph-mail-queue');

export type SenderPolicyDocument = z.infer<typeof senderPolicySchema>;
export type ApplicationRule = SenderPolicyDocument['applications'][number];

/** A place in a document as people write it: `applications[0].mailboxes[1]`. */
export const placeOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (place, step) => (typeof step === 'number' ? `${place}[${step}]` : place ? `${place}.${String(step)}` : String(step)),
    '',
  );
