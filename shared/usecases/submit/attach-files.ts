// Adds attachments to a draft: small ones in a POST each, large ones by upload session, in ranges that are taken up again where they broke off.
import { type Attachment, attachmentJson, isSmall, uploadItem } from '../../domain/content/attachment.ts';
import { RANGE_BYTES } from '../../domain/content/graph-limits.ts';
import type { GraphAnswer } from '../../ports/graph-mail.ts';
import type { Delivery } from './delivery.ts';
import { inTime, isAdded, isSuccess } from './graph-calls.ts';

/** How often an upload is taken up again before the attempt ends: the next one starts with a new draft. */
const MAXIMUM_RESUMPTIONS = 3;

const json = (value: unknown) => ({ contentType: 'application/json', body: JSON.stringify(value) }) as const;

/** Worth asking how far it got: no answer, a server's error, a success that is none, or a range that it didn't expect. Throttling and refusals are not. */
const mayResume = (answer: GraphAnswer): boolean =>
  answer.kind !== 'answered' || answer.status >= 500 || isSuccess(answer) || answer.status === 408 || answer.status === 416;

/** The first answer that ends it, or undefined once all is there. */
async function upload(delivery: Delivery, draftId: string, attachment: Attachment): Promise<GraphAnswer | undefined> {
  const { graph } = delivery.context;
  const opened = await inTime(delivery, (call) => graph.createUploadSession(call, draftId, json(uploadItem(attachment))));
  if (opened.kind !== 'answered' || !opened.body) return withoutBody(opened);
  const { uploadUrl } = opened.body;
  const total = attachment.size;
  let position = 0;
  for (let resumptions = 0; position < total; ) {
    const from = position;
    const bytes = attachment.bytes(from, Math.min(from + RANGE_BYTES, total));
    const answer = await inTime(delivery, (call) => graph.uploadRange(call, uploadUrl, { from, total, bytes }));
    const isLast = from + bytes.length === total;
    if (isLast ? isAdded(answer) : isSuccess(answer)) {
      position += bytes.length;
      continue;
    }
    if (!mayResume(answer) || ++resumptions > MAXIMUM_RESUMPTIONS) return answer;
    const asked = await inTime(delivery, (call) => graph.uploadPosition(call, uploadUrl));
    // A session that is gone may have been completed, or not: the draft is made anew.
    if (asked.kind !== 'answered' || asked.body === undefined || asked.body >= total) return answer;
    position = asked.body;
  }
  return undefined;
}

/** A success without the upload URL does not say what happened. */
const withoutBody = ({ body: _, ...answer }: GraphAnswer<unknown>): GraphAnswer =>
  isSuccess(answer) ? { kind: 'noAnswer', reason: 'an upload session without a URL' } : answer;

async function attach(delivery: Delivery, draftId: string, attachment: Attachment): Promise<GraphAnswer | undefined> {
  if (!isSmall(attachment)) return upload(delivery, draftId, attachment);
  const { graph } = delivery.context;
  const answer = await inTime(delivery, (call) => graph.addAttachment(call, draftId, json(attachmentJson(attachment))));
  return isAdded(answer) ? undefined : answer;
}

/** One after the other: a mailbox has few requests at a time. The first answer that isn't a success, or undefined. */
export async function attachFiles(
  delivery: Delivery,
  draftId: string,
  attachments: readonly Attachment[],
): Promise<GraphAnswer | undefined> {
  for (const attachment of attachments) {
    const failed = await attach(delivery, draftId, attachment);
    if (failed) return failed;
  }
  return undefined;
}
