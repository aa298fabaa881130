// Every operation that takes mail: decodes, checks, and hands the send request to the enqueue use case.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { isNonProduction, type MadeDraft, type NonProduction, redirect } from '../../domain/accept/redirect.ts';
import { type GraphRights, rightsFor, suffices } from '../../domain/accept/rights.ts';
import { type Checked, ok, type Problem, problems, refused } from '../../domain/content/problem.ts';
import { isDraftOnly, type Operation } from '../../domain/log/send-request.ts';
import { sameAddress } from '../../domain/reconcile/recipients.ts';
import { MAXIMUM_SEND_AHEAD_DAYS } from '../../domain/submit/queue-message.ts';
import { StoreUnavailable } from '../../ports/content-store.ts';
import type { Awaited } from '../../usecases/accept/await-draft.ts';
import type { Target } from '../../usecases/accept/check-target.ts';
import type { EnqueueCommand, EnqueueOutcome } from '../../usecases/accept/enqueue-command.ts';
import type { Mandate } from '../../usecases/accept/mandate.ts';
import { jsonAnswer, type RequestIds } from './answer.ts';
import { type GateParts, mandateOf } from './gate.ts';
import { type HandlerParts, type HttpHandler, httpHandler } from './handler.ts';
import { type BodyLimits, type Decode, type MailBody, readMailBody } from './mail-body.ts';
import type { Place, Places } from './places.ts';
import { type RequestHeaders, readRequestHeaders } from './request-headers.ts';
import { locationOf, toSummary } from './send-request-json.ts';

type Accepted = Extract<EnqueueOutcome, { kind: 'accepted' }>;

export interface MailParts extends HandlerParts, GateParts {
  enqueue: (command: EnqueueCommand) => Promise<EnqueueOutcome>;
  checkTarget: (mailbox: string, application: string, id: string) => Promise<Target>;
  /** Throws StoreUnavailable. */
  madeDraft: (mailbox: string, id: string | undefined) => Promise<MadeDraft | undefined>;
  /** Throws StoreUnavailable if there was no time for it. */
  decode: Decode;
  places: Places;
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

/** Reads the request, and hands it to the queue. It has its place and its part of the allowance by now. */
async function enqueued(
  parts: MailParts,
  request: HttpRequest,
  { operation, mandate, headers, place }: { operation: Operation; mandate: Mandate; headers: RequestHeaders; place: Place },
): Promise<Checked<EnqueueOutcome>> {
  const { mailbox, caller } = mandate;
  const body = await readMailBody(request, operation, parts.limits, parts.decode, place);
  if (!body.ok) return body;
  const target = await targetOf(parts, request, mailbox, caller.application);
  if (!target.ok) return target;
  const decoded = await redirected(parts, operation, mailbox, body.value, target.value);
  if (!decoded.ok) return decoded;
  const posted = {
    mailbox,
    application: caller.application,
    operation,
    targetMessageId: target.value,
    headers,
    format: body.value.format,
    decoded: decoded.value,
  };
  const command = commandOf(posted);
  const problem = limitProblem(posted, parts.limits) ?? timesProblem(command, parts.clock.now()) ?? parts.mandates.judge(mandate, command);
  return problem ? refused(problem) : ok(await parts.enqueue(command));
}

const noTime = ({ message }: StoreUnavailable): Problem => problems.unavailable(message);

/** The caller's allowance and a place come before the body is read: what is beyond them costs nothing. */
async function admitted(
  parts: MailParts,
  request: HttpRequest,
  given: { operation: Operation; mandate: Mandate; headers: RequestHeaders },
): Promise<Checked<EnqueueOutcome>> {
  const { mandate } = given;
  const place = parts.places.enter(mandate.caller.application);
  if (!place) return refused(problems.unavailable('as many requests are being read as there are places for', 1));
  let isTaken = false;
  let isAccepted = false;
  try {
    const beyond = await parts.mandates.reserve(mandate);
    if (beyond) return refused(beyond);
    isTaken = true;
    const outcome = await enqueued(parts, request, { ...given, place });
    isAccepted = outcome.ok && outcome.value.kind === 'accepted';
    return outcome;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return refused(noTime(error));
  } finally {
    if (isTaken && !isAccepted) parts.mandates.giveBack(mandate);
    place.leave();
  }
}

export function mailHandler(operation: Operation, parts: MailParts): HttpHandler {
  return httpHandler(parts, async (request, ids) => {
    const mandate = await mandateOf(parts, request);
    if (!mandate.ok) return mandate.problem;
    const headers = readRequestHeaders(request.headers);
    if (!headers.ok) return headers.problem;
    const outcome = await admitted(parts, request, { operation, mandate: mandate.value, headers: headers.value });
    return outcome.ok ? answerOf(parts, outcome.value, headers.value.waitSeconds, ids) : outcome.problem;
  });
}
