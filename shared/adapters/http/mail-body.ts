// The body of an operation that takes mail: its type, its bytes, and what they mean.
import type { HttpRequest } from '@azure/functions';
import { type DecodeOrder, decodeOperation } from '../../domain/content/decode-operation.ts';
import type { Decoded } from '../../domain/content/decoded.ts';
import { type Checked, ok } from '../../domain/content/problem.ts';
import type { ContentFormat, Operation } from '../../domain/log/send-request.ts';
import { formatOf } from './content-type.ts';
import type { Hold } from './places.ts';
import { readBody } from './read-body.ts';

export interface BodyLimits {
  maximumMessageSizeBytes: number;
  recipientLimit: number;
}

/** Decodes where it stops nobody else. */
export type Decode = (order: DecodeOrder) => Promise<Checked<Decoded>>;

export interface MailBody {
  format: ContentFormat;
  decoded: Decoded;
}

/** Actions whose parameters are all optional: an empty body of them needs no type. */
const MAY_BE_EMPTY: readonly Operation[] = ['reply', 'replyAll', 'forward', 'createReply', 'createReplyAll', 'createForward'];

/** A body where none is expected is read only as far as it takes to say so. */
const NO_BODY_BYTES = 4_096;

/** Base64 and line wraps make a message larger on its way to us. */
const bodyLimit = (maximumMessageSizeBytes: number): number => Math.ceil(maximumMessageSizeBytes * 1.4) + 4096;

async function readNone(request: HttpRequest, limits: BodyLimits): Promise<Checked<MailBody>> {
  const body = await readBody(request, NO_BODY_BYTES);
  if (!body.ok) return body;
  const decoded = decodeOperation('send', 'json', body.value, limits.recipientLimit);
  return decoded.ok ? ok({ format: 'none', decoded: decoded.value }) : decoded;
}

export async function readMailBody(
  request: HttpRequest,
  operation: Operation,
  limits: BodyLimits,
  decode: Decode,
  hold: Hold,
): Promise<Checked<MailBody>> {
  if (operation === 'send') return readNone(request, limits);
  const typed = formatOf(request.headers);
  const mayBeUntyped = MAY_BE_EMPTY.includes(operation) && !request.headers.get('content-type');
  if (!typed.ok && !mayBeUntyped) return typed;
  const body = await readBody(request, bodyLimit(limits.maximumMessageSizeBytes), hold);
  if (!body.ok) return body;
  if (!typed.ok && body.value.length > 0) return typed;
  const format = typed.ok ? typed.value : 'json';
  const decoded = await decode({ operation, format, body: body.value, recipientLimit: limits.recipientLimit });
  return decoded.ok ? ok({ format, decoded: decoded.value }) : decoded;
}
