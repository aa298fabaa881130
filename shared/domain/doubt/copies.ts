// Which copy in a mailbox proves which send request. A copy proves one request only.

import { after } from '../duration.ts';
import type { Recipient, SendRequestRecord } from '../log/send-request.ts';
import { isDraftOnly } from '../operations.ts';
import { idOfMessageId, normaliseMessageId } from './marks.ts';

/** A mail found in the mailbox, with the properties that decide whose copy it is. */
export interface MailboxCopy {
  /** Immutable id if Graph gives one. */
  id: string;
  internetMessageId?: string;
  /** The send request id in our extended property or header, if the item carries one. */
  mark?: string;
  isDraft: boolean;
  /** mfSubmitted of PidTagMessageFlags (0x0E07), where it could be read. */
  isSubmitted?: boolean;
  createdDateTime: string;
  parentFolderId?: string;
  webLink?: string;
  /** Only if the item was read by itself. */
  subject?: string;
  from?: string;
  sender?: string;
  recipients?: Recipient[];
}

/** How a copy is tied to a request. `shared`: only by a Message-ID that the caller set, so the copy may be another request's. */
export type Tie = 'mark' | 'messageId' | 'shared';

/** Clocks of Exchange and ours may differ by this much. */
const TOLERANCE_MS = 300_000;

/** A copy of the request was not created before this time, in milliseconds since 1970. */
export const copiesNotBefore = (request: SendRequestRecord): number =>
  Date.parse(request.firstAttemptDateTime ?? request.createdDateTime) - TOLERANCE_MS;

/**
 * Whether a doubt is about a call that submits: a draft that is found then may be the mail on its way. Its flags are no proof of the contrary.
 * On the draft route the `/send` is noted before it leaves, and a request for a draft submits nothing.
 */
export const doubtIsOfSubmission = ({ operation, claim }: SendRequestRecord): boolean =>
  !isDraftOnly(operation) && (claim?.route !== 'draft' || claim.sendIssued === true);

/** Whether a draft of the request was made by a POST that submits: whatever that was answered, Graph has worked on it. */
export const draftIsOfSubmission = ({ claim }: SendRequestRecord): boolean => claim?.route === 'direct';

/** Whether the request was accepted since, and its own copy not seen yet: one accepted long ago has no claim on a new copy. */
export const awaitsCopySince = (request: SendRequestRecord, sinceMs: number): boolean =>
  request.acceptedDateTime !== undefined && request.copyId === undefined && Date.parse(request.acceptedDateTime) >= sinceMs;

/** Whether the copy of a request that awaits it may only be late: it was accepted less than the grace ago. */
export const copyMayBeLate = ({ acceptedDateTime }: SendRequestRecord, now: string, graceMs: number): boolean =>
  acceptedDateTime !== undefined && after(acceptedDateTime, graceMs) > now;

/** Whether a call of this request may be under way at `now`. Then a copy without marks may be its copy, and its worker will learn of it. */
export const isBeingSubmitted = ({ status, claim }: SendRequestRecord, now: string): boolean =>
  status === 'submitting' || (status === 'inDoubt' && (claim?.callsUntil ?? '') > now);

/**
 * Whether and how a copy is tied to the request. A copy that carries another request's mark never is. The age of a copy is judged only by
 * its createdDateTime: for MIME, sentDateTime is the caller's own Date header.
 */
export function tieOf(copy: MailboxCopy, request: SendRequestRecord): Tie | undefined {
  const mark = copy.mark?.toLowerCase();
  if (mark === request.id) return 'mark';
  if (mark !== undefined && mark !== request.madeBy) return undefined;
  if (copy.internetMessageId === undefined) return undefined;
  if (normaliseMessageId(copy.internetMessageId) !== normaliseMessageId(request.internetMessageId)) return undefined;
  if (!request.callerSetMessageId) return 'messageId';
  return Date.parse(copy.createdDateTime) >= copiesNotBefore(request) ? 'shared' : undefined;
}

/** The send request that a copy names by itself: by its mark, or by a Message-ID of our making. */
export const namedRequest = (copy: MailboxCopy): string | undefined =>
  copy.mark?.toLowerCase() ?? idOfMessageId(copy.internetMessageId ?? '');

/**
 * Whether a doubtful request may take one of `unclaimed` copies that share its Message-ID. Requests known to be accepted, whose
 * own copy was not seen yet, come first: only a copy that is left over can be the doubtful request's.
 */
export const mayVouchInDoubt = (unclaimed: number, acceptedWithoutCopy: number): boolean => unclaimed > acceptedWithoutCopy;
