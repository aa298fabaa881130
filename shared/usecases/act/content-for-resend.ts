// The content of a mail that is sent again: from its copy in Sent Items, or from what is kept in Blob Storage.
import { notPossible, readdress } from '../../domain/act/readdress.ts';
import { contentOfCopy, freshContent } from '../../domain/act/resent-content.ts';
import { encodeBase64 } from '../../domain/content/base64.ts';
import { type Checked, ok, problems, refused } from '../../domain/content/problem.ts';
import type { Recipient, SendRequestRecord } from '../../domain/log/send-request.ts';
import type { ContentFormat, Operation } from '../../domain/operations.ts';
import { describeAnswer, saysItemGone } from '../../domain/submit/outcome-rule.ts';
import { type Context, callIdOf, nowOf } from '../context.ts';
import { lookInMailbox } from '../doubt/look-in-mailbox.ts';

/** What is sent, and how. */
export interface ContentForResend {
  source: 'copy' | 'kept';
  operation: Operation;
  format: ContentFormat;
  content: Uint8Array;
  /** It has the recipients that it had: those of the first mail, or in an environment that is not production the address in place of them. */
  isUnchanged: boolean;
}

export interface SentTo {
  recipients: readonly Recipient[];
  isWhole: boolean;
}

/** Undefined: it is not there. */
type Found = Checked<ContentForResend> | undefined;
type Find = (context: Context, record: SendRequestRecord, to: SentTo) => Promise<Found>;

/** A MIME message is at most so many times as large as the request that it was made from: base64, and lines in quoted-printable. */
const MIME_FACTOR = 1.5;

const RETRY_AFTER = 60;

async function copyIdOf(context: Context, record: SendRequestRecord): Promise<string | undefined> {
  if (record.copyId !== undefined) return record.copyId;
  const look = await lookInMailbox(context, record);
  return look.kind === 'found' && !look.copy.isDraft ? look.copy.id : undefined;
}

/** The HTTP API's own checks: what it would refuse is not sent, and what it takes the worker can submit. */
async function checked(context: Context, content: Uint8Array, { recipients }: SentTo): Promise<Checked<Uint8Array>> {
  const body = new TextEncoder().encode(encodeBase64(content));
  const decoded = await context.mailWork.decode({ operation: 'sendMail', format: 'mime', body, recipientLimit: recipients.length });
  if (!decoded.ok) return decoded;
  const { problem } = decoded.value.size;
  return problem ? refused(problem) : ok(decoded.value.content);
}

const inCopy: Find = async (context, record, to) => {
  if (context.rules.graphRights === 'send') return undefined;
  const copyId = await copyIdOf(context, record);
  if (copyId === undefined) return undefined;
  const call = { mailbox: record.mailbox, clientRequestId: callIdOf(context, record), timeoutMs: context.rules.graphTimeoutMs };
  const answer = await context.graph.getWholeMime(call, copyId, Math.ceil(context.rules.maximumMessageSizeBytes * MIME_FACTOR));
  if (saysItemGone(answer)) return undefined;
  if (!answer.body)
    return refused(problems.unavailable(`its copy in Sent Items could not be read: ${describeAnswer(answer)}`, RETRY_AFTER));
  const mime = contentOfCopy(record, answer.body, nowOf(context));
  const readdressed = mime.ok ? readdress('sendMail', 'mime', mime.value, to.recipients) : mime;
  const content = readdressed.ok ? await checked(context, readdressed.value, to) : readdressed;
  return content.ok ? ok({ source: 'copy', operation: 'sendMail', format: 'mime', content: content.value, isUnchanged: false }) : content;
};

const inBlobStorage: Find = async (context, record, { recipients, isWhole }) => {
  const kept = await context.contents.kept(record.id);
  if (!kept) return undefined;
  const { operation, format } = record;
  const fresh = freshContent(record, kept);
  const content = fresh.ok && !isWhole ? readdress(operation, format, fresh.value, recipients) : fresh;
  return content.ok ? ok({ source: 'kept', operation, format, content: content.value, isUnchanged: isWhole }) : content;
};

/** In the order in which they are tried. Only an accepted mail has a copy. A copy as MIME cannot be removed, so one that nobody wanted comes last. */
function placesOf({ acceptedDateTime, saveToSentItems }: SendRequestRecord, { rules }: Context): readonly Find[] {
  if (acceptedDateTime === undefined) return [inBlobStorage];
  if (rules.resendContent === 'none') return [];
  return rules.resendContent === 'keep' || !saveToSentItems ? [inBlobStorage, inCopy] : [inCopy, inBlobStorage];
}

function whyNowhere({ status, acceptedDateTime }: SendRequestRecord, { rules }: Context): string {
  if (acceptedDateTime === undefined) return `The send request is ${status}, and its content is not stored any more.`;
  if (rules.resendContent === 'none') {
    return `The send request is ${status}, and its content is not kept, because RESEND_CONTENT is "none". Post the mail again.`;
  }
  return `The send request is ${status}, and its content is not stored any more: neither in Sent Items nor in Blob Storage. Post the mail again.`;
}

/** Throws StoreUnavailable. Refused with 409 if there is no content, or if it cannot have these recipients. */
export async function contentForResend(context: Context, record: SendRequestRecord, to: SentTo): Promise<Checked<ContentForResend>> {
  let refusal: Checked<ContentForResend> | undefined;
  for (const find of placesOf(record, context)) {
    const found = await find(context, record, to);
    if (found?.ok) return found;
    refusal ??= found;
  }
  return refusal ?? refused(notPossible(whyNowhere(record, context)));
}
