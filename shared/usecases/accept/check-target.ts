// Whether an operation may name this message or draft: the id of a send request must belong to the same application.
import type { MadeDraft } from '../../domain/accept/redirect.ts';
import { belongsTo, isSendRequestId } from '../../domain/log/send-request-id.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { Context } from '../context.ts';

/** Exchange's ids are URL-safe base64 (https://learn.microsoft.com/graph/outlook-immutable-id). */
const MESSAGE_ID = /^[A-Za-z0-9_=+-]{1,1024}$/;

/** What programs write into a path if they have no id: JavaScript, Java, C#, Python, Go, Objective-C, and templates that nobody filled in. */
const NO_ID = /^(?:null|undefined|none|nil|nan|true|false|<nil>|\(null\)|\[object object\]|[{<:].*[}>]?|%7b.*)$/i;

export type Target = { kind: 'taken'; id: string } | { kind: 'malformed' } | { kind: 'placeholder' } | { kind: 'unknown' };

/** The id as it is kept. If the log is out of reach, the worker checks it later. */
export async function checkTarget(context: Pick<Context, 'log'>, mailbox: string, application: string, id: string): Promise<Target> {
  if (NO_ID.test(id)) return { kind: 'placeholder' };
  if (!MESSAGE_ID.test(id)) return { kind: 'malformed' };
  const own = id.toLowerCase();
  if (!isSendRequestId(own)) return { kind: 'taken', id };
  if (!belongsTo(own, mailbox)) return { kind: 'unknown' };
  try {
    const stored = await context.log.read(mailbox, own);
    return stored && stored.value.application !== application ? { kind: 'unknown' } : { kind: 'taken', id: own };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { kind: 'taken', id: own };
  }
}

/** The recipients of a draft, if a send request of ours made it. Throws StoreUnavailable. */
export async function madeDraft(context: Pick<Context, 'log'>, mailbox: string, id: string | undefined): Promise<MadeDraft | undefined> {
  if (id === undefined || !isSendRequestId(id)) return undefined;
  const stored = await context.log.read(mailbox, id);
  if (!stored) return undefined;
  const { redirectedTo } = stored.value;
  return { recipients: await context.log.recipients(mailbox, id), ...(redirectedTo !== undefined && { redirectedTo }) };
}
