// POST /v1.0/users/{mailbox}/sendMail: decodes, checks, and hands the send request to the enqueue use case.
import type { HttpResponseInit } from '@azure/functions';
import { decodeMimeMessage } from '../../domain/content/decode-mime.ts';
import { decodeSendMail } from '../../domain/content/decode-send-mail.ts';
import type { Decoded } from '../../domain/content/decoded.ts';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { MAXIMUM_SEND_AHEAD_DAYS } from '../../domain/queue-message.ts';
import { sameAddress } from '../../domain/recipients.ts';
import type { ContentFormat } from '../../domain/send-request.ts';
import type { EnqueueCommand, EnqueueOutcome } from '../../usecases/enqueue-command.ts';
import { jsonAnswer, type RequestIds } from './answer.ts';
import { formatOf } from './content-type.ts';
import { type GateParts, mandateOf } from './gate.ts';
import { type HandlerParts, type HttpHandler, httpHandler } from './handler.ts';
import { readBody } from './read-body.ts';
import { type RequestHeaders, readRequestHeaders } from './request-headers.ts';
import { locationOf, toSummary } from './send-request-json.ts';

export interface SendMailParts extends HandlerParts, GateParts {
  enqueue: (command: EnqueueCommand) => Promise<EnqueueOutcome>;
  limits: { maximumMessageSizeBytes: number; recipientLimit: number };
}

/** Graph takes a request of 4 MB; what is larger has to travel as a draft with attachments, which sendMail doesn't do yet. */
const GRAPH_REQUEST_BYTES = 4 * 1024 * 1024;
/** Room for our marks in a request of that size. */
const MARK_BYTES = 2 * 1024;

/** Base64 of MIME is a third larger on the wire to Graph than the message itself. */
function tooLargeForGraph(format: ContentFormat, { content }: Decoded): Problem | undefined {
  const onTheWire = format === 'mime' ? Math.ceil(content.length / 3) * 4 : content.length;
  const limit = GRAPH_REQUEST_BYTES - MARK_BYTES;
  return onTheWire > limit ? problems.tooLarge(`The request to Graph (${format})`, onTheWire, limit) : undefined;
}

const DECODERS = { json: decodeSendMail, mime: decodeMimeMessage };

/** Both may be there, the header and Exchange's own property: not before the one, nor before the other. */
const later = (a: string | undefined, b: string | undefined): string | undefined => (a && b ? (a > b ? a : b) : (a ?? b));

function commandOf(mailbox: string, application: string, format: ContentFormat, decoded: Decoded, headers: RequestHeaders): EnqueueCommand {
  const { content, recipients, saveToSentItems, subject, from, internetMessageId } = decoded;
  const sendAt = later(headers.sendAt, decoded.sendAt);
  return {
    mailbox,
    application,
    operation: 'sendMail',
    format,
    content,
    saveToSentItems,
    recipients,
    urgent: headers.urgent,
    ...(subject !== undefined && { subject }),
    ...(from !== undefined && !sameAddress(from, mailbox) && { from }),
    ...(internetMessageId !== undefined && { internetMessageId }),
    ...(headers.clientRequestId !== undefined && { clientRequestId: headers.clientRequestId }),
    ...(headers.idempotencyKey !== undefined && { idempotencyKey: headers.idempotencyKey }),
    ...(sendAt !== undefined && { sendAt }),
    ...(headers.sendBefore !== undefined && { sendBefore: headers.sendBefore }),
    ...(headers.traceparent !== undefined && { traceparent: headers.traceparent }),
  };
}

/** A mail that could only expire, or whose content would be gone before its time, is refused rather than taken. */
function timesProblem({ sendAt, sendBefore }: EnqueueCommand, now: number): Problem | undefined {
  if (sendAt !== undefined && Date.parse(sendAt) > now + MAXIMUM_SEND_AHEAD_DAYS * 86_400_000)
    return problems.invalidRequestHeader('Send-At', `it is more than ${MAXIMUM_SEND_AHEAD_DAYS} days ahead`);
  if (sendBefore === undefined) return undefined;
  const end = Date.parse(sendBefore);
  if (end <= now) return problems.invalidRequestHeader('Send-Before', 'it has passed');
  if (sendAt !== undefined && Date.parse(sendAt) >= end) return problems.invalidRequestHeader('Send-Before', 'it is not after Send-At');
  return undefined;
}

function answerOf(outcome: EnqueueOutcome, ids: RequestIds): HttpResponseInit | Problem {
  if (outcome.kind === 'keyReused') return problems.keyReused();
  if (outcome.kind === 'unavailable') return problems.unavailable(outcome.reason, outcome.retryAfter);
  return jsonAnswer(202, toSummary(outcome), ids, { location: locationOf(outcome) });
}

export function sendMailHandler(parts: SendMailParts): HttpHandler {
  const { maximumMessageSizeBytes, recipientLimit } = parts.limits;
  // Base64 and line wraps make a message larger on its way to us.
  const bodyLimit = Math.ceil(maximumMessageSizeBytes * 1.4) + 4096;
  return httpHandler(parts, async (request, ids) => {
    const mandate = await mandateOf(parts, request);
    if (!mandate.ok) return mandate.problem;
    const { mailbox, caller } = mandate.value;
    const headers = readRequestHeaders(request.headers);
    if (!headers.ok) return headers.problem;
    const format = formatOf(request.headers);
    if (!format.ok) return format.problem;
    const body = await readBody(request, bodyLimit);
    if (!body.ok) return body.problem;
    const decoded = DECODERS[format.value](body.value, recipientLimit);
    if (!decoded.ok) return decoded.problem;
    if (decoded.value.content.length > maximumMessageSizeBytes) {
      return problems.tooLarge('The message', decoded.value.content.length, maximumMessageSizeBytes);
    }
    const tooLarge = tooLargeForGraph(format.value, decoded.value);
    if (tooLarge) return tooLarge;
    const command = commandOf(mailbox, caller.application, format.value, decoded.value, headers.value);
    const problem = timesProblem(command, parts.clock.now()) ?? (await parts.mandates.admit(mandate.value, command));
    if (problem) return problem;
    const outcome = await parts.enqueue(command);
    if (outcome.kind !== 'accepted') parts.mandates.giveBack(mandate.value);
    return answerOf(outcome, ids);
  });
}
