// The body of an operation that takes mail: its type, its bytes, and what they mean.
import type { HttpRequest } from '@azure/functions';
import { type DecodeOrder, decodeOperation } from '../../domain/content/decode-operation.ts';
import type { Decoded } from '../../domain/content/decoded.ts';
import { type Checked, ok } from '../../domain/content/problem.ts';
import { type ContentFormat, OPERATION_TABLE, type Operation } from '../../domain/operations.ts';
import { formatOf } from './content-type.ts';
import { type Hold, SMALL_HOLD } from './permits.ts';
import { PostedBody } from './read-body.ts';

export interface BodyLimits {
  maximumMessageSizeBytes: number;
  recipientLimit: number;
}

/** Decodes a body, in another thread if it is large. */
export type Decode = (order: DecodeOrder) => Promise<Checked<Decoded>>;

export interface MailBody {
  format: ContentFormat;
  decoded: Decoded;
}

/** An operation without a body reads only this much: enough to see that there is one. */
const NO_BODY_BYTES = 4_096;

/** Base64 and line breaks make the body larger than the message. */
export const bodyLimit = (maximumMessageSizeBytes: number): number => Math.ceil(maximumMessageSizeBytes * 1.4) + 4096;

/** The body of an operation that takes mail, not read yet. */
export const postedBody = (request: HttpRequest, operation: Operation, { maximumMessageSizeBytes }: BodyLimits): PostedBody =>
  new PostedBody(request, OPERATION_TABLE[operation].body === 'none' ? NO_BODY_BYTES : bodyLimit(maximumMessageSizeBytes));

async function readNone(body: PostedBody, operation: Operation, limits: BodyLimits): Promise<Checked<MailBody>> {
  const bytes = await body.read(SMALL_HOLD);
  if (!bytes.ok) return bytes;
  const decoded = decodeOperation(operation, 'json', bytes.value, limits.recipientLimit);
  return decoded.ok ? ok({ format: 'none', decoded: decoded.value }) : decoded;
}

export async function readMailBody(
  { headers }: HttpRequest,
  posted: PostedBody,
  operation: Operation,
  limits: BodyLimits,
  decode: Decode,
  hold: Hold,
): Promise<Checked<MailBody>> {
  const { body: kind, bodyMayBeEmpty } = OPERATION_TABLE[operation];
  if (kind === 'none') return readNone(posted, operation, limits);
  const typed = formatOf(headers);
  // An empty body needs no type.
  const mayBeUntyped = bodyMayBeEmpty && !headers.get('content-type');
  if (!typed.ok && !mayBeUntyped) return typed;
  const body = await posted.read(hold);
  if (!body.ok) return body;
  if (!typed.ok && body.value.length > 0) return typed;
  const format = typed.ok ? typed.value : 'json';
  const decoded = await decode({ operation, format, body: body.value, recipientLimit: limits.recipientLimit });
  return decoded.ok ? ok({ format, decoded: decoded.value }) : decoded;
}
