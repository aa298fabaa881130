// What the bodies of cancel and resend say: to whom, why, and whether it is only asked what would happen.
import * as z from 'zod';
import { isReason, MAXIMUM_REASON_LENGTH } from '../../domain/act/by-whom.ts';
import { checkShape } from '../../domain/content/check-shape.ts';
import { parseJsonObject } from '../../domain/content/decode-json.ts';
import { type Checked, ok } from '../../domain/content/problem.ts';
import { MAXIMUM_FILTER_LENGTH } from '../../domain/log/parse-filter.ts';

/** RFC 5321 section 4.5.3.1: 64 and 255 octets and the at sign. */
const MAXIMUM_ADDRESS = 320;
/** Exchange Online takes no more recipients of one message. */
const MAXIMUM_RECIPIENTS = 1000;

const reason = z
  .string()
  .min(1)
  .max(MAXIMUM_REASON_LENGTH)
  .refine(isReason, 'expected one line of printable text')
  .optional()
  .describe('Why, for the timeline of the send request');

const dryRun = z.boolean().optional().describe('true: only says what would happen, and does nothing');

const address = z.string().min(1).max(MAXIMUM_ADDRESS);

const correction = z.strictObject({
  address: address.describe('The address that gets the mail'),
  replaces: address.optional().describe('The recipient of the send request whose address it corrects; left out: that recipient itself'),
});

const WORDS = z.enum(['all', 'failed']);

const recipients = z
  .union([WORDS, z.array(correction).min(1).max(MAXIMUM_RECIPIENTS)], {
    error: 'expected "all", "failed", or a list of at most 1000 objects {"address", "replaces"}',
  })
  .optional()
  .describe(
    'all (if it is left out): everybody, of a request that finally failed. failed: those whom the mail did not reach. Or a list of those of them, with corrected addresses',
  );

export const cancelOrderSchema = z.strictObject({ reason }).meta({ id: 'cancelOrder' });

export const resendOrderSchema = z.strictObject({ recipients, reason, dryRun }).meta({ id: 'resendOrder' });

export const actByFilterSchema = z
  .strictObject({
    filter: z.string().min(1).max(MAXIMUM_FILTER_LENGTH).describe('A filter as in $filter of the lists'),
    recipients: WORDS.optional().describe(
      'Of a resend. all (if it is left out): requests that finally failed, to everybody. failed: also requests that did not reach some of their recipients, to those',
    ),
    reason,
    dryRun,
    after: z.string().min(1).max(100).optional().describe('`next` of an earlier answer: goes on from there'),
  })
  .meta({ id: 'actByFilter' });

/** The longest list of corrections. */
export const MAXIMUM_ORDER_BYTES = 1024 * 1024;

/** `mayBeEmpty`: a body that is left out says nothing. */
export function readOrder<T extends object>(body: Uint8Array, schema: z.ZodType<T>, action: string, mayBeEmpty: boolean): Checked<T> {
  const parsed = mayBeEmpty && body.length === 0 ? ok({}) : parseJsonObject(body);
  return parsed.ok ? checkShape(parsed.value, schema, action) : parsed;
}
