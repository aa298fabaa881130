// What goes to Graph for a send request on either route: paths and payloads, with our marks in the mail.
import type { Attachment } from '../content/attachment.ts';
import { attachmentOf, callsFor } from '../content/attachment.ts';
import { encodeBase64 } from '../content/base64.ts';
import { type Division, divide, divideJson } from '../content/division.ts';
import { base64Length, MAXIMUM_CONTENT_BYTES } from '../content/graph-limits.ts';
import { type Marks, markJsonMessage, markMime } from '../content/marking.ts';
import type { Checked, Problem } from '../content/problem.ts';
import { readJson } from '../content/read-json.ts';
import type { TakenApart } from '../content/take-apart.ts';
import { jsonLength, jsonText } from '../content/write-json.ts';
import type { SendRequestRecord } from '../log/send-request.ts';
import { type GraphPaths, graphPaths, isReplyOrForward, OPERATION_TABLE, type Operation } from '../operations.ts';
import type { Answer } from './outcome-rule.ts';

export interface PlannedPayload {
  contentType: 'application/json' | 'text/plain';
  body: string;
}

export interface PlannedRequest {
  /** Relative to the mailbox. */
  path: string;
  payload: () => PlannedPayload;
}

/** A draft and what it takes to complete it. */
export interface Assembly {
  create: PlannedRequest;
  attachments: readonly Attachment[];
  /** Must be in the draft's body. */
  comment?: string;
  /** MIME that travels as JSON. */
  takenApart?: boolean;
}

export type Plan =
  /** `direct`: the operation itself in one POST, where that is possible. */
  | { kind: 'mail'; direct?: PlannedRequest; draft: Assembly }
  /** A draft that is there already is sent. */
  | { kind: 'existingDraft'; id: string }
  /** Nothing can be submitted, and this is why. */
  | { kind: 'impossible'; answer: Answer };

/** Operations whose recipients the original names: only the draft tells them. */
export const goesToOriginal = (operation: Operation): boolean => OPERATION_TABLE[operation].recipients === 'original';

type JsonObject = Record<string, unknown>;

const json =
  (value: unknown): (() => PlannedPayload) =>
  () => ({ contentType: 'application/json', body: jsonText(value) });

/** Divides large MIME. Throws StoreUnavailable if one attempt does not have enough time for it. */
export type TakeApart = (mime: Uint8Array) => Promise<Checked<TakenApart>>;

/** If the HTTP API accepted a mail that cannot be submitted, it is refused with the reason and not tried again. */
const impossible = ({ status, code, message }: Problem): Plan => ({
  kind: 'impossible',
  answer: { kind: 'answered', status, code, message },
});

const tooLarge = (what: string): Plan => ({
  kind: 'impossible',
  answer: { kind: 'answered', status: 413, code: 'ErrorMessageSizeExceeded', message: `${what} is too large for one request of Graph.` },
});

const marksOf = ({ id, internetMessageId, callerSetMessageId }: SendRequestRecord): Marks => ({
  id,
  internetMessageId,
  callerSetMessageId: callerSetMessageId === true,
});

/** The body of the draft's creation: a bare message, or the parameters of createReply and its like. */
const creation = (operation: Operation, message: JsonObject, parameters: JsonObject): JsonObject =>
  isReplyOrForward(operation) ? { ...parameters, message } : message;

/**
 * `saveToSentItems` is always true on the wire: the copy is what proves that the mail went out, and it is removed afterwards if
 * the caller wanted none. JSON answers have no direct route: nothing says that Graph keeps our marks there.
 */
function planJson(record: SendRequestRecord, content: Uint8Array, paths: GraphPaths): Plan {
  const read = readJson(content);
  if (!read.ok) return impossible(read.problem);
  const parsed = read.value as JsonObject;
  const { operation } = record;
  const { message: wrapped, ...parameters } = OPERATION_TABLE[operation].body === 'message' ? { message: parsed } : parsed;
  const message = markJsonMessage((wrapped ?? {}) as JsonObject, marksOf(record));
  const comment = typeof parameters['comment'] === 'string' && parameters['comment'] !== '' ? parameters['comment'] : undefined;
  const whole = creation(operation, message, parameters);
  const assembled = (division: Division): Assembly => ({
    create: { path: paths.draft, payload: json(creation(operation, division.message, parameters)) },
    attachments: division.attachments,
    ...(comment !== undefined && { comment }),
  });
  if (content.length <= MAXIMUM_CONTENT_BYTES) {
    const draft: Assembly = { ...assembled({ message, attachments: [] }), create: { path: paths.draft, payload: json(whole) } };
    const direct = paths.submit !== undefined && { direct: { path: paths.submit, payload: json({ message }) } };
    return { kind: 'mail', draft, ...direct };
  }
  const division = divideJson(message, jsonLength(parameters));
  return division ? { kind: 'mail', draft: assembled(division) } : tooLarge('The message without its file attachments');
}

/** The original names the recipients of a reply. Recipients from the divided MIME would be added to them, so they are left out. */
function withoutRecipients({ toRecipients: _to, ccRecipients: _cc, bccRecipients: _bcc, ...message }: JsonObject): JsonObject {
  return message;
}

/** MIME that Graph doesn't take in one request becomes a draft in JSON. */
async function planLargeMime(record: SendRequestRecord, content: Uint8Array, paths: GraphPaths, takeApart: TakeApart): Promise<Plan> {
  const taken = await takeApart(content);
  if (!taken.ok) return impossible(taken.problem);
  const { message, files } = taken.value;
  const addressed = goesToOriginal(record.operation) ? withoutRecipients(message) : message;
  const marked = markJsonMessage(addressed, marksOf(record));
  const division = divide({ message: marked, items: [], files: files.map(attachmentOf), beside: 0 });
  if (!division) return tooLarge('The message without its attachments');
  const create = { path: paths.draft, payload: json(creation(record.operation, division.message, {})) };
  return { kind: 'mail', draft: { create, attachments: division.attachments, takenApart: true } };
}

function planMime(record: SendRequestRecord, content: Uint8Array, paths: GraphPaths): Plan {
  const payload = (): PlannedPayload => ({ contentType: 'text/plain', body: encodeBase64(markMime(content, marksOf(record))) });
  return {
    kind: 'mail',
    draft: { create: { path: paths.draft, payload }, attachments: [] },
    ...(paths.submit !== undefined && { direct: { path: paths.submit, payload } }),
  };
}

/** `target`: Graph's id of the message or draft that the operation is about. */
export async function planOf(record: SendRequestRecord, content: Uint8Array, target: string, takeApart: TakeApart): Promise<Plan> {
  if (record.operation === 'send') return { kind: 'existingDraft', id: target };
  const paths = graphPaths(record.operation, record.format, encodeURIComponent(target));
  if (record.format === 'json') return planJson(record, content, paths);
  const isLarge = base64Length(content.length) > MAXIMUM_CONTENT_BYTES;
  return isLarge ? planLargeMime(record, content, paths, takeApart) : planMime(record, content, paths);
}

/** Whether the draft is made in several calls, or from MIME that was taken apart: one that is found may be incomplete. */
export const isAssembled = (plan: Plan): boolean =>
  plan.kind === 'mail' && (plan.draft.attachments.length > 0 || plan.draft.comment !== undefined || plan.draft.takenApart === true);

/** How many calls the draft route takes at most: removing what is left behind, creating, completing, and sending. */
export const draftCalls = (plan: Plan): number => {
  if (plan.kind !== 'mail') return 2;
  const { attachments, comment } = plan.draft;
  const completing = attachments.reduce((sum, attachment) => sum + callsFor(attachment), 0) + (comment === undefined ? 0 : 1);
  return 2 + completing + (isAssembled(plan) ? 1 : 0);
};
