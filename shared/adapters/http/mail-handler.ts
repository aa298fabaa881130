// Every operation that takes mail: decodes and checks the request, and calls the enqueue use case.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { isNonProduction, type MadeDraft, type NonProduction, redirect, withRecipientsAnew } from '../../domain/accept/redirect.ts';
import { rightsFor, suffices } from '../../domain/accept/rights.ts';
import { sameAddress } from '../../domain/address/address.ts';
import { printable } from '../../domain/content/addresses.ts';
import { type Checked, ok, type Problem, problems, refused } from '../../domain/content/problem.ts';
import { type GraphRights, isDraftOnly, OPERATION_TABLE, type Operation } from '../../domain/operations.ts';
import { MAXIMUM_SEND_AHEAD_DAYS } from '../../domain/submit/queue-message.ts';
import { type StoreUnavailable, unlessOutOfReach } from '../../ports/store-unavailable.ts';
import type { SenderAuthorization } from '../../usecases/accept/authorization.ts';
import type { Awaited } from '../../usecases/accept/await-draft.ts';
import type { Target } from '../../usecases/accept/check-target.ts';
import type { EnqueueCommand, EnqueueOutcome } from '../../usecases/accept/enqueue-command.ts';
import { jsonAnswer, type RequestIds } from './answer.ts';
import { type AuthorizationDependencies, authorizedSender } from './authorize.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler, problemOfStore } from './handler.ts';
import { type BodyLimits, type Decode, type MailBody, postedBody, readMailBody } from './mail-body.ts';
import type { Permit, Permits } from './permits.ts';
import type { PostedBody } from './read-body.ts';
import { type RefusalDependencies, refusalOf, unreadNames } from './refused-bodies.ts';
import { type RequestHeaders, readRequestHeaders } from './request-headers.ts';
import type { ResponseHeaders } from './response-headers.ts';
import { locationOf, toSummary } from './send-request-json.ts';

type Accepted = Extract<EnqueueOutcome, { kind: 'accepted' }>;

export interface MailDependencies extends HandlerDependencies, AuthorizationDependencies, RefusalDependencies {
  enqueue: (command: EnqueueCommand) => Promise<EnqueueOutcome>;
  checkTarget: (mailbox: string, application: string, id: string) => Promise<Target>;
  /** Throws StoreUnavailable. */
  madeDraft: (mailbox: string, id: string | undefined) => Promise<MadeDraft | undefined>;
  /** Throws StoreUnavailable if there was no time for it. */
  decode: Decode;
  permits: Permits;
  awaitDraft: (mailbox: string, id: string, waitMs: number) => Promise<Awaited>;
  limits: BodyLimits & { graphRights: GraphRights; nonProduction: NonProduction };
}

/** A mail may have both, the header Send-At and Exchange's own property. The later time counts. */
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
    ...(headers.retryAttempt !== undefined && { retryAttempt: headers.retryAttempt }),
    ...(headers.idempotencyKey !== undefined && { idempotencyKey: headers.idempotencyKey }),
    ...(sendAt !== undefined && { sendAt }),
    ...(headers.sendBefore !== undefined && { sendBefore: headers.sendBefore }),
    ...(headers.traceparent !== undefined && { traceparent: headers.traceparent }),
  };
}

/** Refuses a mail that could only expire, or whose content would be deleted before it is due. */
function timesProblem({ sendAt, sendBefore }: EnqueueCommand, now: number): Problem | undefined {
  if (sendAt !== undefined && Date.parse(sendAt) > now + MAXIMUM_SEND_AHEAD_DAYS * 86_400_000)
    return problems.invalidRequestHeader('Send-At', `it is more than ${MAXIMUM_SEND_AHEAD_DAYS} days ahead`);
  if (sendBefore === undefined) return undefined;
  const end = Date.parse(sendBefore);
  if (end <= now) return problems.invalidRequestHeader('Send-Before', 'it has passed');
  if (sendAt !== undefined && Date.parse(sendAt) >= end) return problems.invalidRequestHeader('Send-Before', 'it is not after Send-At');
  return undefined;
}

/** Checks the decoded mail against the limits of the service and the rights of our identity. */
function limitProblem({ operation, format, decoded }: Posted, limits: MailDependencies['limits']): Problem | undefined {
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
  dependencies: MailDependencies,
  request: HttpRequest,
  mailbox: string,
  application: string,
): Promise<Checked<string | undefined>> {
  const named = request.params['message'];
  if (named === undefined) return ok(undefined);
  const target = await dependencies.checkTarget(mailbox, application, named);
  if (target.kind === 'taken') return ok(target.id);
  if (target.kind === 'placeholder') return refused(problems.noId(printable(named)));
  return refused(target.kind === 'malformed' ? problems.malformedId() : problems.notFound());
}

/** The decoded mail. Its recipients are replaced if this environment is not production. */
async function redirected(
  dependencies: MailDependencies,
  operation: Operation,
  mailbox: string,
  { format, decoded }: MailBody,
  target?: string,
) {
  const { nonProduction } = dependencies.limits;
  if (!isNonProduction(nonProduction)) return ok(decoded);
  const draft = OPERATION_TABLE[operation].recipients === 'draft' ? await dependencies.madeDraft(mailbox, target) : undefined;
  return redirect(operation, format, decoded, nonProduction, draft);
}

/** Says that this POST was taken for a client's own repeat, and of which send request. */
const repeatHeader = ({ repeatOf }: Accepted): ResponseHeaders => (repeatOf === undefined ? {} : { 'repeat-of': repeatOf });

/** Answers with the draft if it exists in time, otherwise with the send request. */
async function draftAnswer(
  dependencies: MailDependencies,
  outcome: Accepted,
  waitSeconds: number,
  ids: RequestIds,
): Promise<HttpResponseInit> {
  const { status, message } = await dependencies.awaitDraft(outcome.mailbox, outcome.id, waitSeconds * 1000);
  const headers = { location: locationOf(outcome), ...repeatHeader(outcome), 'preference-applied': `wait=${waitSeconds}` };
  return message ? jsonAnswer(201, message, ids, headers) : jsonAnswer(202, toSummary({ ...outcome, status }), ids, headers);
}

async function answerOf(
  dependencies: MailDependencies,
  outcome: EnqueueOutcome,
  waitSeconds: number | undefined,
  ids: RequestIds,
): Promise<HttpResponseInit | Problem> {
  if (outcome.kind === 'refused') return outcome.problem;
  if (outcome.kind === 'keyReused') return problems.keyReused();
  if (outcome.kind === 'unavailable') return problems.unavailable(outcome.reason, outcome.retryAfter);
  if (waitSeconds && isDraftOnly(outcome.operation)) return draftAnswer(dependencies, outcome, waitSeconds, ids);
  const accepted = { ...toSummary(outcome), ...(outcome.resendable === false && { resendable: false }) };
  return jsonAnswer(202, accepted, ids, { location: locationOf(outcome), ...repeatHeader(outcome) });
}

const limitsDomains = ({ under }: SenderAuthorization): boolean => under?.placed.rule.recipientDomains !== undefined;

interface Admitted {
  operation: Operation;
  sender: SenderAuthorization;
  headers: RequestHeaders;
  posted: PostedBody;
}

/** While a body is read and decoded, a StoreUnavailable means that there was no time for it. */
const noTime = ({ message }: StoreUnavailable): Checked<MailBody> => refused(problems.unavailable(message));

/** Reads the request and puts it on the queue. The permit and the allowance are taken before. Throws StoreUnavailable. */
async function enqueued(
  dependencies: MailDependencies,
  request: HttpRequest,
  { operation, sender, headers, posted }: Admitted,
  permit: Permit,
): Promise<Checked<EnqueueOutcome>> {
  const { mailbox, caller } = sender;
  const { limits, decode } = dependencies;
  const body = await unlessOutOfReach(() => readMailBody(request, posted, operation, limits, decode, permit), noTime);
  if (!body.ok) return body;
  const target = await targetOf(dependencies, request, mailbox, caller.application);
  if (!target.ok) return target;
  const decoded = await redirected(dependencies, operation, mailbox, body.value, target.value);
  if (!decoded.ok) return decoded;
  const { format } = body.value;
  const mail = {
    mailbox,
    application: caller.application,
    operation,
    targetMessageId: target.value,
    headers,
    format,
    decoded: limitsDomains(sender) ? withRecipientsAnew(operation, format, decoded.value) : decoded.value,
  };
  const command = commandOf(mail);
  const problem =
    limitProblem(mail, limits) ?? timesProblem(command, dependencies.clock.now()) ?? dependencies.authorization.judge(sender, command);
  if (problem) return refused(problem);
  const hash = headers.retryAttempt === undefined ? undefined : await posted.hash();
  return ok(await dependencies.enqueue({ ...command, ...(hash?.ok && { unread: unreadNames(request, caller.application, hash.value) }) }));
}

/** The caller's allowance and a permit are taken before the body is read. If a request is refused for them, nothing of its body is kept. */
async function admitted(dependencies: MailDependencies, request: HttpRequest, given: Admitted): Promise<Checked<EnqueueOutcome>> {
  const { authorization, permits } = dependencies;
  const { application } = given.sender.caller;
  const refusal = async (problem: Problem) => refused(await refusalOf(dependencies, request, given.posted, application, problem));
  const permit = permits.enter(application);
  if (!permit) return refusal(problems.unavailable('all permits for reading requests are in use', 1));
  let isOwed = false;
  try {
    const beyond = await authorization.reserve(given.sender);
    if (beyond) return await refusal(beyond);
    isOwed = true;
    const outcome = await unlessOutOfReach(
      () => enqueued(dependencies, request, given, permit),
      (error) => refused(problemOfStore(error)),
    );
    // A client's own repeat is free: the mail that it repeats was counted.
    isOwed = !outcome.ok || outcome.value.kind !== 'accepted' || outcome.value.repeatOf !== undefined;
    return outcome.ok ? outcome : await refusal(outcome.problem);
  } finally {
    if (isOwed) authorization.release(given.sender);
    permit.leave();
  }
}

export function mailHandler(operation: Operation, dependencies: MailDependencies): HttpHandler {
  return httpHandler(dependencies, async (request, ids) => {
    const posted = postedBody(request, operation, dependencies.limits);
    const sender = await authorizedSender(dependencies, request);
    if (!sender.ok) return refusalOf(dependencies, request, posted, undefined, sender.problem);
    const headers = readRequestHeaders(request.headers);
    if (!headers.ok) return headers.problem;
    const outcome = await admitted(dependencies, request, { operation, sender: sender.value, headers: headers.value, posted });
    return outcome.ok ? answerOf(dependencies, outcome.value, headers.value.waitSeconds, ids) : outcome.problem;
  });
}
