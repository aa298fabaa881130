// A client's own repeats of one POST (`Retry-Attempt: n`), as a chain: which earlier attempt a repeat belongs to. Pure.
//
// Microsoft's SDKs repeat a POST by themselves after 429, 503 and 504, and number the repeats from 1. Most of them send nothing else
// that marks a repeat, so it is matched by what it has in common with the attempt before: caller, mailbox, operation and content.
// https://github.com/microsoft/kiota-http-python, class RetryHandler; the ones for .NET, Java and TypeScript do the same.
import type { SendRequestRecord } from '../log/send-request.ts';

/** A POST that a client sends again by itself. */
export interface RepeatedAttempt {
  application: string;
  /** Covers the operation and its target, too. */
  contentHash: string;
  sendAt?: string;
  /** A different id rules a match out. The same id proves nothing: some clients send one id with all their requests. */
  clientRequestId?: string;
  /** `Retry-Attempt`, from 1. */
  number: number;
  /** RFC 3339: when it came. */
  dateTime: string;
}

/** The attempt that a repeat may follow. */
interface EarlierAttempt {
  sendAt?: string;
  clientRequestId?: string;
  /** 0 is the request without `Retry-Attempt`. */
  number: number;
  /** RFC 3339: when it came. */
  dateTime: string;
}

/** What an attempt and its repeat have in common. */
export interface AttemptName {
  mailbox: string;
  application: string;
  contentHash: string;
}

/** An attempt that was answered with 429 or 503 and made no send request: its repeat makes one. */
export interface RefusedAttempt extends EarlierAttempt, AttemptName {}

const conflicts = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && a !== b;

/** Whether the repeat can come after this attempt: its number is higher, and no more than the window lies between them. */
export function follows(repeat: RepeatedAttempt, earlier: EarlierAttempt, windowMs: number): boolean {
  return (
    earlier.number < repeat.number &&
    earlier.sendAt === repeat.sendAt &&
    !conflicts(earlier.clientRequestId, repeat.clientRequestId) &&
    Date.parse(repeat.dateTime) - Date.parse(earlier.dateTime) <= windowMs
  );
}

/** The last attempt of the chain that a send request was accepted from or has answered. */
const lastAttempt = ({ lastRetryAttempt, createdDateTime, sendAt, clientRequestId }: SendRequestRecord): EarlierAttempt => ({
  ...(lastRetryAttempt ?? { number: 0, dateTime: createdDateTime }),
  ...(sendAt !== undefined && { sendAt }),
  ...(clientRequestId !== undefined && { clientRequestId }),
});

export const attemptNumberOf = (record: SendRequestRecord): number => lastAttempt(record).number;

/** A request with an Idempotency-Key (`enqueued` is set then) or one that an operator resends is no attempt of such a chain. */
export const isInChain = ({ enqueued, resendOf }: SendRequestRecord): boolean => enqueued === undefined && resendOf === undefined;

/** Whether the send request may answer the repeat with its own id. */
export const mayAnswer = (record: SendRequestRecord, repeat: RepeatedAttempt, windowMs: number): boolean =>
  isInChain(record) &&
  record.application === repeat.application &&
  record.contentHash === repeat.contentHash &&
  follows(repeat, lastAttempt(record), windowMs);

/** The attempt with the highest number first: a client numbers its repeats one by one. */
export const byAttempt = (a: SendRequestRecord, b: SendRequestRecord): number => attemptNumberOf(b) - attemptNumberOf(a);
