// Attachments of a draft: list, get, content, add below 3 MB, remove. https://learn.microsoft.com/graph/api/message-post-attachments
import { errors } from '../http/errors.ts';
import { entityContext, showAttachment } from '../odata/represent.ts';
import type { Attachment, Item } from '../store/item.ts';
import { readAttachment } from '../validation/attachment.ts';
import { readJson } from '../validation/parameters.ts';
import { type Call, findItem, type Operation } from './call.ts';
import { checkRoom, sizeOf } from './drafts.ts';

/** Larger ones need an upload session (seen: motze92/office365-mail#39). */
const smallAttachmentLimit = 3_000_000;

function findAttachment(call: Call, item: Item): Attachment {
  const found = item.attachments.find(({ id }) => id === call.params['attachment']);
  if (found === undefined) throw errors.itemNotFound();
  return found;
}

/** A draft made of MIME is rebuilt from its properties once something is attached. */
function attach(call: Call, item: Item, attachment: Attachment): void {
  checkRoom(call, sizeOf(item) + attachment.content.length);
  call.mailbox.change(item, { attachments: [...item.attachments, attachment], mime: null }, call.state.clock.now());
}

export const addAttachment: Operation = (call) => {
  const item = findItem(call);
  if (item.submitted) throw errors.itemNotFound();
  const attachment = readAttachment(readJson(call.request), call.state.clock.now());
  if (attachment.content.length >= smallAttachmentLimit) throw errors.messageTooLarge();
  attach(call, item, attachment);
  const context = entityContext(call.request, call.mailbox, `messages('${encodeURIComponent(item.id)}')/attachments/$entity`);
  return { status: 201, json: { '@odata.context': context, ...showAttachment(attachment) } };
};

export const listAttachments: Operation = (call) => {
  const item = findItem(call);
  const selected = call.request.query.get('$select')?.split(',');
  const withContent = selected === undefined || selected.includes('contentBytes');
  const context = entityContext(call.request, call.mailbox, `messages('${encodeURIComponent(item.id)}')/attachments`);
  return { status: 200, json: { '@odata.context': context, value: item.attachments.map((one) => showAttachment(one, withContent)) } };
};

export const getAttachment: Operation = (call) => ({ status: 200, json: showAttachment(findAttachment(call, findItem(call))) });

export const getAttachmentContent: Operation = (call) => {
  const attachment = findAttachment(call, findItem(call));
  return { status: 200, bytes: attachment.content, headers: { 'Content-Type': attachment.contentType ?? 'application/octet-stream' } };
};

export const removeAttachment: Operation = (call) => {
  const item = findItem(call);
  const gone = findAttachment(call, item);
  call.mailbox.change(item, { attachments: item.attachments.filter((one) => one !== gone), mime: null }, call.state.clock.now());
  return { status: 204 };
};
