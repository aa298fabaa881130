// Create, get, update, delete, move and copy a message, its MIME, and sending a draft.

import type { Answer } from '../http/answer.ts';
import { errors } from '../http/errors.ts';
import { changeHeader } from '../mime/header-block.ts';
import { writeMime } from '../mime/write.ts';
import { etagOf, idOf } from '../odata/represent.ts';
import type { Item } from '../store/item.ts';
import { readMessageProperties } from '../validation/message.ts';
import { isMimeRequest, readJson, readMimeBody, readParameters } from '../validation/parameters.ts';
import { type Call, checkIfMatch, findFolder, findItem, itemAnswer, type Operation, selectedView } from './call.ts';
import { addDraft, contentFromJson, contentFromMime } from './drafts.ts';
import { accepted, checkSubmission, submit } from './submit.ts';

/** https://learn.microsoft.com/graph/api/user-post-messages; MIME on a folder's path is refused (microsoft-graph-docs#16368). */
export const createMessage: Operation = async (call) => {
  const folder = call.params['folder'];
  if (isMimeRequest(call.request)) {
    if (folder !== undefined) throw errors.undeserializable();
    return createdAnswer(call, addDraft(call, await contentFromMime(call, readMimeBody(call.request))));
  }
  const folderId = folder === undefined ? 'drafts' : findFolder(call.mailbox, folder).id;
  return createdAnswer(call, addDraft(call, contentFromJson(call, readJson(call.request)), folderId));
};

function createdAnswer(call: Call, item: Item): Answer {
  const Location = `${call.request.baseUrl}/v1.0/users('${call.mailbox.objectId}')/messages('${encodeURIComponent(idOf(item, call.request))}')`;
  return { ...itemAnswer(call, item, 201), headers: { Location } };
}

export const getMessage: Operation = (call) => itemAnswer(call, findItem(call), 200, selectedView(call));

/** A draft's MIME: as it was submitted, or made of its properties. */
export async function mimeOf(item: Item, now: number): Promise<Buffer> {
  return item.mime ?? (await writeMime(item, now));
}

export const getMime: Operation = async (call) => {
  const item = findItem(call);
  const { clock, switches } = call.state;
  const mime = await mimeOf(item, clock.now());
  // Exchange writes the header of what it stored; a Bcc is only in the sender's own copy.
  const hidesBcc = item.received || (!item.isDraft && !switches.copiesShowBcc);
  const bytes = hidesBcc ? changeHeader(mime, { remove: ({ name }) => /^bcc$/i.test(name) }) : mime;
  return {
    status: 200,
    bytes: !item.isDraft && !item.received && switches.copiesShowTransport ? changeHeader(bytes, { prepend: TRANSPORT }) : bytes,
  };
};

/** What Exchange may add to a mail that it has handed on. */
const TRANSPORT = [
  ['Received', 'from mail.prod.outlook.com ([::1]) by mail.prod.outlook.com; Thu, 15 Jan 2026 08:00:00 +0000'],
  ['X-MS-Exchange-Organization-AuthAs', 'Internal'],
  ['X-MS-Exchange-Organization-Network-Message-Id', '11111111-2222-3333-4444-555555555555'],
  ['X-MS-Has-Attach', ''],
  ['X-MS-TNEF-Correlator', ''],
] as const;

const draftOnly = ['body', 'subject', 'replyTo', 'internetMessageId', 'toRecipients', 'ccRecipients', 'bccRecipients', 'from', 'sender'];

/** https://learn.microsoft.com/graph/api/message-update */
export const updateMessage: Operation = (call) => {
  const item = findItem(call);
  checkIfMatch(call, etagOf(item));
  const json = readJson(call.request);
  const now = call.state.clock.now();
  const { headers, attachments, extendedProperties, ...changes } = readMessageProperties(json, now);
  if (headers !== undefined) throw errors.invalidArgument('internetMessageHeaders can be set only when the message is created.');
  if (attachments !== undefined) throw errors.invalidArgument('attachments can be added only through the attachments collection.');
  const refused = item.isDraft ? undefined : Object.keys(changes).find((name) => draftOnly.includes(name));
  if (refused !== undefined) throw errors.invalidArgument(`The property '${refused}' can be changed only while isDraft is true.`);
  // What was MIME is rebuilt from properties once its content is changed.
  const rebuilt = Object.keys(changes).some((name) => draftOnly.includes(name) || name === 'importance');
  const merged = extendedProperties === undefined ? item.extendedProperties : new Map([...item.extendedProperties, ...extendedProperties]);
  call.mailbox.change(item, { ...changes, extendedProperties: merged, ...(rebuilt ? { mime: null } : {}) }, now);
  return itemAnswer(call, item, 200);
};

/** Goes to Deleted Items; from there it is gone. */
export const deleteMessage: Operation = (call) => {
  const item = findItem(call);
  checkIfMatch(call, etagOf(item));
  const deleted = call.mailbox.wellKnown('deleteditems').id;
  if (item.folderId === deleted) call.mailbox.remove(item);
  else {
    call.mailbox.move(item, deleted, call.state.clock.now());
    item.submitted = false;
  }
  return { status: 204 };
};

export const permanentDelete: Operation = (call) => {
  call.mailbox.remove(findItem(call));
  return { status: 204 };
};

function destination(call: Call): string {
  const { destinationId } = readParameters(call.request, 'move', ['destinationId']);
  if (typeof destinationId !== 'string') throw errors.emptyParameter('DestinationId');
  return findFolder(call.mailbox, destinationId).id;
}

export const moveMessage: Operation = (call) => {
  const item = findItem(call);
  call.mailbox.move(item, destination(call), call.state.clock.now());
  return movedAnswer(call, item);
};

/** Actions that return a message name its type. */
function movedAnswer(call: Call, item: Item): Answer {
  const answer = itemAnswer(call, item, 201);
  return { ...answer, json: { '@odata.type': '#microsoft.graph.message', ...(answer.json as object) } };
}

export const copyMessage: Operation = (call) => {
  const { key, id, immutableId, version, ...rest } = findItem(call);
  const { createdDateTime, lastModifiedDateTime, ...kept } = rest;
  const folderId = destination(call);
  return movedAnswer(call, call.mailbox.add(rest, folderId, call.state.clock.now(), { ...kept, folderId, submitted: false }));
};

/** https://learn.microsoft.com/graph/api/message-send; what a second send is answered nobody has shown, so it is a switch. */
export const sendDraft: Operation = (call) => {
  const again = call.state.switches.secondSend;
  const item = call.mailbox.find(call.params['message'] ?? '');
  if (item === undefined && again === 202 && call.state.sentDrafts.has(call.params['message'] ?? '')) return accepted;
  const draft = item ?? findItem(call);
  if (draft.submitted || !draft.isDraft) {
    if (again === 202) return accepted;
    throw errors.itemNotFound();
  }
  checkIfMatch(call, etagOf(draft));
  checkSubmission(call, draft);
  call.state.sentDrafts.add(draft.id);
  return submit(call, draft, { operation: 'send' });
};
