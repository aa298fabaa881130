// reply, replyAll, forward, and their draft-only sisters. https://learn.microsoft.com/graph/api/message-reply
import { errors } from '../http/errors.ts';
import { changeHeader, headerValue, splitMessage } from '../mime/header-block.ts';
import { encodeWords } from '../reports/parts.ts';
import { childConversationIndex, newAttachmentId } from '../store/ids.ts';
import type { EmailAddress, Item, MessageContent } from '../store/item.ts';
import { emptyContent } from '../store/item.ts';
import type { Mailbox } from '../store/mailbox.ts';
import { checkObject, isObject, type Json } from '../validation/check.ts';
import { readAddresses, readMessageProperties } from '../validation/message.ts';
import { isMimeRequest, readMimeBody, readParameters } from '../validation/parameters.ts';
import { type Call, findItem, itemAnswer, type Operation } from './call.ts';
import { addDraft, contentFromMime } from './drafts.ts';
import { quotedBody } from './quote.ts';
import { checkSubmission, submit } from './submit.ts';

type Kind = 'reply' | 'replyAll' | 'forward';

const prefixed = (prefix: string, subject: string) =>
  subject.toLowerCase().startsWith(prefix.toLowerCase()) ? subject : `${prefix}${subject}`;

/** A reply goes to Reply-To if there is one (RFC 5322 section 3.6.2); replyAll leaves the own mailbox out. */
function recipientsOf(kind: Kind, original: Item, mailbox: Mailbox): Pick<MessageContent, 'toRecipients' | 'ccRecipients'> {
  if (kind === 'forward') return { toRecipients: [], ccRecipients: [] };
  const authors = original.replyTo.length > 0 ? original.replyTo : original.from === null ? [] : [original.from];
  if (kind === 'reply') return { toRecipients: authors, ccRecipients: [] };
  const others = (list: readonly EmailAddress[]) => list.filter(({ address }) => !mailbox.owns(address));
  const seen = new Set(authors.map(({ address }) => address.toLowerCase()));
  const toRecipients = [...authors, ...others(original.toRecipients).filter(({ address }) => !seen.has(address.toLowerCase()))];
  return { toRecipients, ccRecipients: others(original.ccRecipients) };
}

function threadOf(original: Item): Partial<MessageContent> {
  return {
    inReplyTo: original.internetMessageId,
    references: `${original.references} ${original.internetMessageId}`.trim(),
    conversationId: original.conversationId,
    conversationIndex: original.conversationIndex === '' ? '' : childConversationIndex(original.conversationIndex),
  };
}

interface AnswerParameters {
  readonly comment: string | null;
  readonly message: Partial<MessageContent>;
  readonly toRecipients: EmailAddress[] | null;
}

function readAnswer(call: Call, kind: Kind, name: string): AnswerParameters {
  const parameters = readParameters(
    call.request,
    name,
    kind === 'forward' ? ['comment', 'message', 'toRecipients'] : ['comment', 'message'],
  );
  const { comment, message, toRecipients } = parameters;
  if (comment !== undefined && comment !== null && typeof comment !== 'string') throw errors.wrongType('comment', 'Edm.String');
  if (message !== undefined && message !== null && !isObject(message)) throw errors.wrongType('message', 'microsoft.graph.message');
  if (toRecipients !== undefined && toRecipients !== null && !Array.isArray(toRecipients))
    throw errors.wrongType('toRecipients', 'Collection(recipient)');
  for (const one of (toRecipients as unknown[] | null | undefined) ?? []) checkObject(one, 'recipient', 'toRecipients');
  const json = (message ?? {}) as Json;
  if (typeof comment === 'string' && json['body'] !== undefined && json['body'] !== null) {
    throw errors.invalidArgument('Specify either the comment parameter or the body property of the message parameter, not both.');
  }
  const direct = toRecipients === undefined || toRecipients === null ? null : readAddresses(toRecipients);
  return {
    comment: typeof comment === 'string' ? comment : null,
    message: readMessageProperties(json, call.state.clock.now()),
    toRecipients: direct,
  };
}

/** Exactly one of the parameter and the message names recipients; a draft may have none yet (documented example). */
function forwardRecipients({ toRecipients, message }: AnswerParameters, draftOnly: boolean): EmailAddress[] {
  const inMessage = message.toRecipients ?? null;
  if (toRecipients !== null && inMessage !== null)
    throw errors.invalidArgument(
      'Specify either the toRecipients parameter or the toRecipients property of the message parameter, not both.',
    );
  if (toRecipients === null && inMessage === null && !draftOnly)
    throw errors.invalidArgument('Specify the toRecipients parameter or the toRecipients property of the message parameter.');
  return toRecipients ?? inMessage ?? [];
}

function fromJson(call: Call, kind: Kind, draftOnly: boolean, original: Item): MessageContent {
  const parameters = readAnswer(call, kind, draftOnly ? `create${kind.charAt(0).toUpperCase()}${kind.slice(1)}` : kind);
  const { message } = parameters;
  const recipients = recipientsOf(kind, original, call.mailbox);
  const comment = draftOnly && !call.state.switches.commentInDraft ? '' : (parameters.comment ?? '');
  const copied = kind === 'forward' ? original.attachments : original.attachments.filter(({ isInline }) => isInline);
  const content: MessageContent = {
    ...emptyContent(call.state.clock.now()),
    ...recipients,
    ...threadOf(original),
    subject: prefixed(kind === 'forward' ? 'FW: ' : 'RE: ', original.subject),
    importance: kind === 'forward' ? original.importance : 'normal',
    body: quotedBody(comment, original),
    ...message,
    attachments: [...copied.map((one) => ({ ...one, id: newAttachmentId() })), ...(message.attachments ?? [])],
  };
  if (kind === 'forward') content.toRecipients = forwardRecipients(parameters, draftOnly);
  else if (message.toRecipients?.length === 0) content.toRecipients = recipients.toRecipients;
  return content;
}

/** MIME answers take their recipients from the original (a forward from itself); what threads them is put on top if it is missing. */
async function fromMime(call: Call, kind: Kind, original: Item): Promise<MessageContent> {
  const submitted = readMimeBody(call.request);
  const message = splitMessage(submitted);
  const thread = threadOf(original);
  const wanted: [string, string][] = [
    ['In-Reply-To', thread.inReplyTo ?? ''],
    ['References', thread.references ?? ''],
    ['Subject', encodeWords(prefixed(kind === 'forward' ? 'FW: ' : 'RE: ', original.subject))],
  ];
  const mime = changeHeader(submitted, {
    prepend: wanted.filter(([name, value]) => value !== '' && headerValue(message, name) === undefined),
  });
  const content = await contentFromMime(call, mime);
  const recipients = kind === 'forward' ? {} : { ...recipientsOf(kind, original, call.mailbox), bccRecipients: [] };
  return { ...content, ...recipients, conversationId: original.conversationId };
}

function answer(kind: Kind, draftOnly: boolean): Operation {
  return async (call) => {
    const original = findItem(call);
    const isMime = isMimeRequest(call.request);
    const content = isMime ? await fromMime(call, kind, original) : fromJson(call, kind, draftOnly, original);
    if (draftOnly) return itemAnswer(call, addDraft(call, content), 201);
    checkSubmission(call, content);
    return submit(call, addDraft(call, content), { operation: kind });
  };
}

export const reply = answer('reply', false);
export const replyAll = answer('replyAll', false);
export const forward = answer('forward', false);
export const createReply = answer('reply', true);
export const createReplyAll = answer('replyAll', true);
export const createForward = answer('forward', true);
