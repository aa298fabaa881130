// Adds attachments to a draft: small ones in a POST each, large ones by upload session, in ranges that are taken up again where they broke off.
import { type Attachment, attachmentJson, isSmall, uploadItem } from '../../domain/content/attachment.ts';
import { RANGE_BYTES } from '../../domain/content/graph-limits.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { GraphAnswer } from '../../ports/graph-mail.ts';
import type { Context } from '../context.ts';
import { callContext, inTime, isSuccess } from './graph-calls.ts';

/** How often an upload is taken up again before the attempt ends: the next one starts with a new draft. */
const MAXIMUM_RESUMPTIONS = 3;

const json = (value: unknown) => ({ contentType: 'application/json', body: JSON.stringify(value) }) as const;

/** Worth asking how far it got: no answer, a server's error, or a range that it didn't expect. Throttling and refusals are not. */
const mayResume = (answer: GraphAnswer): boolean =>
  answer.kind !== 'answered' || answer.status >= 500 || answer.status === 408 || answer.status === 416;

/** The first answer that ends it, or undefined once all is there. */
async function upload(
  context: Context,
  record: SendRequestRecord,
  draftId: string,
  attachment: Attachment,
): Promise<GraphAnswer | undefined> {
  const open = () => context.graph.createUploadSession(callContext(context, record), draftId, json(uploadItem(attachment)));
  const opened = await inTime(context, record, open);
  if (opened.kind !== 'answered' || !opened.body) return withoutBody(opened);
  const { uploadUrl } = opened.body;
  const total = attachment.size;
  let position = 0;
  for (let resumptions = 0; position < total; ) {
    const from = position;
    const bytes = attachment.bytes(from, Math.min(from + RANGE_BYTES, total));
    const put = () => context.graph.uploadRange(callContext(context, record), uploadUrl, { from, total, bytes });
    const answer = await inTime(context, record, put);
    if (isSuccess(answer)) {
      position += bytes.length;
      continue;
    }
    if (!mayResume(answer) || ++resumptions > MAXIMUM_RESUMPTIONS) return answer;
    const asked = await inTime(context, record, () => context.graph.uploadPosition(callContext(context, record), uploadUrl));
    // A session that is gone may have been completed, or not: the draft is made anew.
    if (asked.kind !== 'answered' || asked.body === undefined || asked.body >= total) return answer;
    position = asked.body;
  }
  return undefined;
}

/** A success without what makes it one tells nothing. */
const withoutBody = ({ body: _, ...answer }: GraphAnswer<unknown>): GraphAnswer =>
  isSuccess(answer) ? { kind: 'noAnswer', reason: 'an upload session without a URL' } : answer;

async function attach(
  context: Context,
  record: SendRequestRecord,
  draftId: string,
  attachment: Attachment,
): Promise<GraphAnswer | undefined> {
  if (!isSmall(attachment)) return upload(context, record, draftId, attachment);
  const post = () => context.graph.addAttachment(callContext(context, record), draftId, json(attachmentJson(attachment)));
  const answer = await inTime(context, record, post);
  return isSuccess(answer) ? undefined : answer;
}

/** One after the other: a mailbox has few requests at a time. The first answer that isn't a success, or undefined. */
export async function attachFiles(
  context: Context,
  record: SendRequestRecord,
  draftId: string,
  attachments: readonly Attachment[],
): Promise<GraphAnswer | undefined> {
  for (const attachment of attachments) {
    const failed = await attach(context, record, draftId, attachment);
    if (failed) return failed;
  }
  return undefined;
}
