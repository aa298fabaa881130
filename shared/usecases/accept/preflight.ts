// Whether this caller, and our own identity, may send as this mailbox, and if not, why: in words that an operator can act on. Sends nothing.
import type { Caller } from '../../domain/accept/caller.ts';
import { isNonProduction } from '../../domain/accept/redirect.ts';
import { type SuppressedRecipients, type Suppression, suppressedInWords } from '../../domain/accept/suppression.ts';
import { type AccountPause, isWindowOver, TENANT } from '../../domain/act/account-pause.ts';
import { pauseFor } from '../../domain/act/pauses.ts';
import { REACH_IN_WORDS } from '../../domain/act/tenant-reach.ts';
import { sameAddress } from '../../domain/address/address.ts';
import { type Checked, ok } from '../../domain/content/problem.ts';
import type { LimitView, UsageView } from '../../domain/limits/usage-view.ts';
import { answerInWords, whyMissing } from '../../domain/submit/mailbox-missing.ts';
import type { GraphAnswer } from '../../ports/graph-mail.ts';
import type { Context } from '../context.ts';
import { guidOf, nowOf } from '../context.ts';
import { mailboxLimits, tenantLimit } from '../limits/show-limits.ts';
import type { AskedMailboxes } from './asked-mailboxes.ts';
import type { Authorization, Evaluation } from './authorization.ts';
import { suppressedRecipients } from './suppressed-recipients.ts';

/** Whether our own identity may read a mailbox. `unknown`: Graph could not say now. `notAsked`: we have no right to read, or the caller none to know. */
export interface Readable {
  readable: 'yes' | 'no' | 'unknown' | 'notAsked';
  reason?: string;
}

export interface Preflight {
  mailbox: string;
  application: string;
  maySend: boolean;
  /** What the sender policy says, and by which line. */
  policy: { allowed: boolean; place?: string; reason?: string };
  /** Our own identity at Graph. */
  service: Readable & { rights: string };
  from?: { address: string; allowed: boolean; place?: string; reason?: string; reportsReadable: Readable };
  limits: Record<string, unknown>;
  /** Of the recipients that were named. */
  suppressed?: Suppression[];
  pauses: { what: string; reason: string; until?: string }[];
  nonProduction?: { redirectTo?: string; allowedDomains: readonly string[] };
  /** Every reason why mail would not go out, in words. */
  problems: string[];
}

/** What is known of the mail. */
export interface AskedMail {
  from?: string;
  recipients?: readonly { address: string }[];
}

type ExchangeLimits = UsageView & { tenantExternalRecipientsPerDay?: LimitView };

export interface PreflightDependencies {
  context: Context;
  authorization: Authorization;
  limits: { recipientLimit: number; maximumMessageSizeBytes: number };
  /** Asks `isReadable`. */
  asked: AskedMailboxes<Readable>;
}

const SPREADS = 'A change of rights takes up to two hours to spread.';

function whyNotReadable(mailbox: string, answer: GraphAnswer<unknown>): string {
  if (answer.kind !== 'answered') return `Microsoft Graph could not be asked about ${mailbox} (${answer.reason}): mail will wait.`;
  const said = answerInWords(answer);
  if (answer.status === 404) return whyMissing(mailbox, said);
  if (answer.status === 403)
    return `Our identity has no right to ${mailbox} (${said}): grant it with infra/rights/grant-mailbox-rights.ps1. ${SPREADS}`;
  if (answer.status === 401) return `Graph refuses the tokens of our identity (${said}): check AZURE_CLIENT_ID and the managed identity.`;
  return `Graph cannot say now whether our identity may read ${mailbox} (${said}): mail will wait.`;
}

/** A search for a Message-ID that nobody has: one call, which changes nothing and shows nothing. */
export async function isReadable(context: Context, mailbox: string): Promise<Readable> {
  if (context.rules.graphRights === 'send') return { readable: 'notAsked', reason: 'The rights tier "send" may not read mailboxes.' };
  const call = { mailbox, clientRequestId: guidOf(context), timeoutMs: Math.min(context.rules.graphTimeoutMs, 10_000) };
  const answer = await context.graph.findByMessageId(call, '<preflight@localhost.invalid>');
  if (answer.kind === 'answered' && answer.status === 200) return { readable: 'yes' };
  const isRefused = answer.kind === 'answered' && [401, 403, 404].includes(answer.status);
  return { readable: isRefused ? 'no' : 'unknown', reason: whyNotReadable(mailbox, answer) };
}

const CROWDED: Readable = { readable: 'unknown', reason: 'Too many mailboxes are being checked now. Repeat the request in a moment.' };

const readable = async ({ asked }: PreflightDependencies, mailbox: string): Promise<Readable> => (await asked.ask(mailbox)) ?? CROWDED;

function limitsOf({ limits, context }: PreflightDependencies, { rule, left }: Evaluation): Record<string, unknown> {
  const isOn = context.rules.suppressionExpiryMs !== undefined;
  return {
    recipientsPerMail: Math.min(rule?.recipientsPerMail ?? limits.recipientLimit, limits.recipientLimit),
    maximumMessageSize: Math.min(rule?.maximumMessageSize ?? limits.maximumMessageSizeBytes, limits.maximumMessageSizeBytes),
    mailsPerMinute: rule?.mailsPerMinute,
    mailsLeftThisMinute: left?.minute,
    mailsPerDay: rule?.mailsPerDay,
    mailsLeftToday: left?.day,
    recipientDomains: rule?.recipientDomains,
    requireIdempotencyKey: rule?.requireIdempotencyKey === true,
    ...(isOn && { suppressedRecipients: rule?.suppressedRecipients ?? 'refuse' }),
  };
}

/** The end of the window, if it is still to come: after it a test decides. */
const untilOf = (pause: AccountPause, now: string): { until?: string } => (isWindowOver(pause, now) ? {} : { until: pause.until });

async function pausesOf(context: Context, mailbox: string, application: string): Promise<Preflight['pauses']> {
  const { pauses, accountPauses } = context;
  const now = nowOf(context);
  const pause = pauseFor(await pauses.list(), { mailbox, application });
  const account = await accountPauses.current(mailbox);
  const tenant = await accountPauses.current(TENANT);
  return [
    ...(pause ? [{ what: pause.id, reason: `${pause.reason} (by ${pause.setBy}, ${pause.setDateTime})` }] : []),
    ...(account ? [{ what: `account of ${mailbox}`, reason: account.reason, until: account.until }] : []),
    ...(tenant?.reach ? [{ what: REACH_IN_WORDS[tenant.reach], reason: tenant.reason, ...untilOf(tenant, now) }] : []),
  ];
}

const saidOf = (decision: Evaluation['decision']): Preflight['policy'] =>
  decision.allowed
    ? { allowed: true, place: decision.place }
    : { allowed: false, reason: decision.problem.message, ...(decision.place !== undefined && { place: decision.place }) };

/** Reports of a mail come to its From mailbox: whether we may read it matters if it is another mailbox. */
async function fromOf(
  dependencies: PreflightDependencies,
  address: string,
  evaluation: Evaluation,
  ofMailbox: Readable,
): Promise<NonNullable<Preflight['from']>> {
  const said = saidOf(evaluation.ofFrom ?? evaluation.decision);
  if (!said.allowed) return { address, ...said, reportsReadable: { readable: 'notAsked' } };
  return {
    address,
    ...said,
    reportsReadable: sameAddress(address, evaluation.mailbox) ? ofMailbox : await readable(dependencies, address),
  };
}

const suppressionInWords = (suppression: Suppression, { suppressedRecipients: then }: Preflight['limits']): string =>
  `Exchange has reported that this recipient does not exist: ${suppressedInWords([suppression])}. Mail to it ${THEN[then as SuppressedRecipients]}.`;

const THEN: Record<SuppressedRecipients, string> = { refuse: 'is refused', hold: 'waits', send: 'goes out' };

/** What is left of Exchange's limits for this application in this mailbox. */
async function exchangeLimits(context: Context, mailbox: string, application: string): Promise<ExchangeLimits | undefined> {
  const [ofMailbox, tenant] = await Promise.all([mailboxLimits(context, mailbox, application), tenantLimit(context)]);
  return ofMailbox && { ...ofMailbox, ...(tenant && { tenantExternalRecipientsPerDay: tenant }) };
}

/** Each limit of which nothing is left. */
function usedUp(exchange: ExchangeLimits | undefined): string[] {
  const all: [string, LimitView | undefined][] = [
    ['messagesPerMinute', exchange?.messagesPerMinute],
    ['recipientsPerDay', exchange?.recipientsPerDay],
    ['applicationMessagesPerMinute', exchange?.application?.messagesPerMinute],
    ['applicationRecipientsPerDay', exchange?.application?.recipientsPerDay],
    ['tenantExternalRecipientsPerDay', exchange?.tenantExternalRecipientsPerDay],
  ];
  return all.flatMap(([name, view]) =>
    view?.left === 0 ? [`The limit ${name} (${view.limit}) is reached. Mail waits until ${view.returnsDateTime}.`] : [],
  );
}

const isInTheWay = ({ readable }: Readable): boolean => readable === 'no' || readable === 'unknown';

function problemsOf(
  mailbox: string,
  {
    policy,
    service,
    from,
    pauses,
    suppressed = [],
    limits,
  }: Pick<Preflight, 'policy' | 'service' | 'from' | 'pauses' | 'suppressed' | 'limits'>,
): string[] {
  const found = [
    policy.reason,
    isInTheWay(service) ? service.reason : undefined,
    from?.reason,
    from && isInTheWay(from.reportsReadable) && !sameAddress(from.address, mailbox)
      ? `Reports of mail from ${from.address} cannot be read: ${from.reportsReadable.reason}`
      : undefined,
    ...suppressed.map((one) => suppressionInWords(one, limits)),
    ...pauses.map(({ what, reason, until }) => `Paused (${what})${until ? ` until ${until}` : ''}: ${reason}. Mail waits.`),
  ];
  return found.filter((problem) => problem !== undefined);
}

/** Throws StoreUnavailable. Graph is asked only about mailboxes that the caller may send as. */
export async function preflight(
  dependencies: PreflightDependencies,
  caller: Caller,
  name: string,
  { from, recipients = [] }: AskedMail = {},
): Promise<Checked<Preflight>> {
  const { context, authorization } = dependencies;
  const evaluation = await authorization.evaluate(caller, name, from);
  if (!evaluation.ok) return evaluation;
  const { mailbox, decision } = evaluation.value;
  const { nonProduction } = context.rules;
  const { redirectTo, allowedDomains } = nonProduction;
  const asked: Readable = decision.allowed ? await readable(dependencies, mailbox) : { readable: 'notAsked' };
  const exchange = decision.allowed ? await exchangeLimits(context, mailbox, caller.application) : undefined;
  const found = {
    policy: saidOf(decision),
    service: { ...asked, rights: context.rules.graphRights },
    ...(from !== undefined && { from: await fromOf(dependencies, from, evaluation.value, asked) }),
    limits: decision.allowed ? { ...limitsOf(dependencies, evaluation.value), ...(exchange && { exchange }) } : {},
    ...(decision.allowed && recipients.length > 0 && { suppressed: await suppressedRecipients(context, { recipients }) }),
    pauses: decision.allowed ? await pausesOf(context, mailbox, caller.application) : [],
    ...(decision.allowed &&
      isNonProduction(nonProduction) && {
        nonProduction: { ...(redirectTo !== undefined && { redirectTo }), allowedDomains },
      }),
  };
  const maySend = found.policy.allowed && found.service.readable !== 'no' && found.from?.allowed !== false;
  return ok({
    mailbox,
    application: caller.application,
    maySend,
    ...found,
    problems: [...problemsOf(mailbox, found), ...usedUp(exchange)],
  });
}
