// Every operation that takes mail: decodes, checks, and hands the send request to the enqueue use case.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { isNonProduction, type MadeDraft, type NonProduction, redirect, withRecipientsAnew } from '../../domain/accept/redirect.ts';
import { type GraphRights, rightsFor, suffices } from '../../domain/accept/rights.ts';
import { sameAddress } from '../../domain/address/address.ts';
import { type Checked, ok, type Problem, problems, refused } from '../../domain/content/problem.ts';
import { isDraftOnly, type Operation } from '../../domain/log/send-request.ts';
import { MAXIMUM_SEND_AHEAD_DAYS } from '../../domain/submit/queue-message.ts';
import { StoreUnavailable } from '../../ports/content-store.ts';
import type { Awaited } from '../../usecases/accept/await-draft.ts';
import type { Target } from '../../usecases/accept/check-target.ts';
import type { EnqueueCommand, EnqueueOutcome } from '../../usecases/accept/enqueue-command.ts';
import type { Mandate } from '../../usecases/accept/mandate.ts';
import { jsonAnswer, type RequestIds } from './answer.ts';
import { type GateParts, mandateOf } from './gate.ts';
import { type HandlerParts, type HttpHandler, httpHandler } from './handler.ts';
import { type BodyLimits, type MailBody, readMailBody } from './mail-body.ts';
import { type RequestHeaders, readRequestHeaders } from './request-headers.ts';
import { locationOf, toSummary } from './send-request-json.ts';

type Accepted = Extract<EnqueueOutcome, { kind: 'accepted' }>;

export interface MailParts extends HandlerParts, GateParts {
  enqueue: (command: EnqueueCommand) => Promise<EnqueueOutcome>;
  checkTarget: (mailbox: string, application: string, id: string) => Promise<Target>;
  /** Throws StoreUnavailable. */
  madeDraft: (mailbox: string, id: string | undefined) => Promise<MadeDraft | undefined>;
  awaitDraft: (mailbox: string, id: string, waitMs: number) => Promise<Awaited>;
  limits: BodyLimits & { graphRights: GraphRights; nonProduction: NonProduction };
}

/** Both may be there, the header and Exchange's own property: not before the one, nor before the other. */
const later = (a: string | undefined, b: string | undefined): string | undefined => (a && b ? (a > b ? a : b) : (a ?? b));

interface Posted extends MailBody {
  mailbox: string;
  application: string;
  operation: Operation;
  targetMessageId: string | undefined;
  headers: RequestHeaders;
}

function commandOf({ decoded, headers, mailbox, targetMessageId, ...rest }: Posted): EnqueueCommand {
  const { content, recipients, saveToSentItems, subject, from, otherFrom, redirectedTo, internetMessageId } = decoded;
  const sendAt = later(headers.sendAt, decoded.sendAt);
  return {
    ...rest,
    mailbox,
    content,
    saveToSentItems,
    recipients,
    urgent: headers.urgent,
    ...(targetMessageId !== undefined && { targetMessageId }),
    ...(subject !== undefined && { subject }),
    ...(from !== undefined && !sameAddress(from, mailbox) && { from }),
    ...(otherFrom !== undefined && { otherFrom }),
    ...(redirectedTo !== undefined && { redirectedTo }),
    ...(internetMessageId !== undefined && { internetMessageId }),
    ...(headers.clientRequestId !== undefined && { clientRequestId: headers.clientRequestId }),
    ...(headers.isRepetition && { isRepetition: true }),
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

/** What is decoded is checked against what the service takes, and may do. */
function limitProblem({ operation, format, decoded }: Posted, limits: MailParts['limits']): Problem | undefined {
  const { bytes, inParts, problem } = decoded.size;
  if (bytes > limits.maximumMessageSizeBytes) return problems.tooLarge('The message', bytes, limits.maximumMessageSizeBytes);
  if (problem) return problem;
  const needed = rightsFor(operation, format, inParts);
  if (suffices(limits.graphRights, needed)) return undefined;
  const what = inParts ? 'a message that is too large for one request of Graph' : `'${operation}' (${format})`;
  return problems.rightsTooLow(what, limits.graphRights, needed);
}

/** The message or draft that the path names. */
async function targetOf(
  parts: MailParts,
  request: HttpRequest,
  mailbox: string,
  application: string,
): Promise<Checked<string | undefined>> {
  const named = request.params['message'];
  if (named === undefined) return ok(undefined);
  const target = await parts.checkTarget(mailbox, application, named);
  if (target.kind === 'taken') return ok(target.id);
  return refused(target.kind === 'malformed' ? problems.malformedId() : problems.notFound());
}

/** What is decoded, with its recipients replaced where this environment is not production. */
async function redirected(parts: MailParts, operation: Operation, mailbox: string, { format, decoded }: MailBody, target?: string) {
  const { nonProduction } = parts.limits;
  if (!isNonProduction(nonProduction)) return ok(decoded);
  try {
    const draft = operation === 'send' ? await parts.madeDraft(mailbox, target) : undefined;
    return redirect(operation, format, decoded, nonProduction, draft);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return refused(problems.unavailable(`the status log is out of reach (${error.message})`));
  }
}

/** The draft itself where it is there in time; the send request otherwise. */
async function draftAnswer(parts: MailParts, outcome: Accepted, waitSeconds: number, ids: RequestIds): Promise<HttpResponseInit> {
  const { status, message } = await parts.awaitDraft(outcome.mailbox, outcome.id, waitSeconds * 1000);
  const headers = { location: locationOf(outcome), 'preference-applied': `wait=${waitSeconds}` };
  return message ? jsonAnswer(201, message, ids, headers) : jsonAnswer(202, toSummary({ ...outcome, status }), ids, headers);
}

async function answerOf(
  parts: MailParts,
  outcome: EnqueueOutcome,
  waitSeconds: number | undefined,
  ids: RequestIds,
): Promise<HttpResponseInit | Problem> {
  if (outcome.kind === 'keyReused') return problems.keyReused();
  if (outcome.kind === 'unavailable') return problems.unavailable(outcome.reason, outcome.retryAfter);
  if (waitSeconds && isDraftOnly(outcome.operation)) return draftAnswer(parts, outcome, waitSeconds, ids);
  return jsonAnswer(202, toSummary(outcome), ids, { location: locationOf(outcome) });
}

const limitsDomains = ({ under }: Mandate): boolean => under?.placed.rule.recipientDomains !== undefined;

export function mailHandler(operation: Operation, parts: MailParts): HttpHandler {
  return httpHandler(parts, async (request, ids) => {
    const mandate = await mandateOf(parts, request);
    if (!mandate.ok) return mandate.problem;
    const { mailbox, caller } = mandate.value;
    const headers = readRequestHeaders(request.headers);
    if (!headers.ok) return headers.problem;
    const body = await readMailBody(request, operation, parts.limits);
    if (!body.ok) return body.problem;
    const target = await targetOf(parts, request, mailbox, caller.application);
    if (!target.ok) return target.problem;
    const decoded = await redirected(parts, operation, mailbox, body.value, target.value);
    if (!decoded.ok) return decoded.problem;
    const { application } = caller;
    const posted = {
      mailbox,
      application,
      operation,
      targetMessageId: target.value,
      headers: headers.value,
      format: body.value.format,
      decoded: limitsDomains(mandate.value) ? withRecipientsAnew(operation, body.value.format, decoded.value) : decoded.value,
    };
    const command = commandOf(posted);
    const problem =
      limitProblem(posted, parts.limits) ??
      timesProblem(command, parts.clock.now()) ??
      (await parts.mandates.admit(mandate.value, command));
    if (problem) return problem;
    const outcome = await parts.enqueue(command);
    if (outcome.kind !== 'accepted') parts.mandates.giveBack(mandate.value);
    return answerOf(parts, outcome, headers.value.waitSeconds, ids);
  });
}
