// A client's own repeat of a POST: the send request that an earlier attempt was accepted as answers it, once per attempt number.
import { type AttemptName, attemptNumberOf, byAttempt, follows, mayAnswer, type RepeatedAttempt } from '../../domain/accept/retry-chain.ts';
import type { LifecycleEvent } from '../../domain/log/apply-event.ts';
import { isUnconfirmed, type SendRequestRecord } from '../../domain/log/send-request.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import type { RememberedAttempt } from '../../ports/refused-attempts.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { type Stored, writeEvent } from '../log/write-log.ts';
import { keyHashOf } from './content-hash.ts';

/** What a repeat has in common with the attempt before it. */
export const inFlightKey = ({ mailbox, application, contentHash }: QueueMessage): string => `${mailbox} ${application} ${contentHash}`;

const repeatOf = (context: Context, message: QueueMessage, number: number): RepeatedAttempt => ({
  application: message.application,
  contentHash: message.contentHash,
  number,
  dateTime: nowOf(context),
  ...(message.notBefore !== undefined && { sendAt: message.notBefore }),
  ...(message.clientRequestId !== undefined && { clientRequestId: message.clientRequestId }),
});

async function acceptedAttempts(context: Context, message: QueueMessage, repeat: RepeatedAttempt): Promise<Stored[]> {
  const { mailbox, application, contentHash } = message;
  const ids = await context.log.withContent(mailbox, application, contentHash);
  const found = await Promise.all(ids.map((id) => context.log.read(mailbox, id)));
  const stored = found.filter(
    (one): one is Stored => one !== undefined && mayAnswer(one.value, repeat, context.rules.retryAttemptWindowMs),
  );
  return stored.sort((a, b) => byAttempt(a.value, b.value));
}

async function refusedAttempts(
  context: Context,
  message: QueueMessage,
  repeat: RepeatedAttempt,
  unread: readonly AttemptName[],
): Promise<RememberedAttempt[]> {
  const { sendAt: _, ...asPosted } = repeat;
  const [read, notRead] = await Promise.all([
    context.refusedAttempts.of(message),
    Promise.all(unread.map((name) => context.refusedAttempts.of(name))),
  ]);
  const window = context.rules.retryAttemptWindowMs;
  // What the content says of the time is in the name of an attempt that was not read.
  const following = [
    ...read.filter((one) => follows(repeat, one, window)),
    ...notRead.flat().filter((one) => follows(asPosted, one, window)),
  ];
  return following.sort((a, b) => b.number - a.number);
}

/** Puts the queue message of a request on the queue again. Throws StoreUnavailable unless the queue has it. */
type EnqueueAgain = (record: SendRequestRecord) => Promise<void>;

/**
 * Two repeats at once compete for the record: one of them is answered by it. If nobody knows that the queue has the request, it is enqueued
 * before.
 */
async function answeredBy(
  context: Context,
  stored: Stored,
  repeat: RepeatedAttempt,
  enqueueAgain: EnqueueAgain,
): Promise<SendRequestRecord | undefined> {
  if (isUnconfirmed(stored.value)) await enqueueAgain(stored.value);
  const build = (record: SendRequestRecord): LifecycleEvent | undefined =>
    mayAnswer(record, repeat, context.rules.retryAttemptWindowMs)
      ? {
          type: 'repeatAnswered',
          dateTime: repeat.dateTime,
          fact: `${repeat.number}-${repeat.dateTime}`,
          detail: `Retry-Attempt ${repeat.number} of a client was answered with this send request, because caller, operation and content are the same`,
          patch: { lastRetryAttempt: { number: repeat.number, dateTime: repeat.dateTime } },
          clears: ['unconfirmed'],
        }
      : undefined;
  const written = await writeEvent(context, stored, build);
  return written.kind === 'written' ? written.stored.value : undefined;
}

/**
 * The send request that answers this repeat; undefined: the repeat is a mail of its own. An attempt that we refused and one that we
 * accepted can both have come before it. Then the higher number decides; of equal ones the refused attempt, because its mail has not
 * been accepted yet. Throws StoreUnavailable.
 */
export async function answerRepeat(
  context: Context,
  message: QueueMessage,
  number: number,
  enqueueAgain: EnqueueAgain,
  unread: readonly AttemptName[] = [],
): Promise<SendRequestRecord | undefined> {
  await context.inFlight.ended(inFlightKey(message));
  const repeat = repeatOf(context, message, number);
  const [accepted, refused] = await Promise.all([
    acceptedAttempts(context, message, repeat),
    refusedAttempts(context, message, repeat, unread),
  ]);
  const last = accepted[0] ? attemptNumberOf(accepted[0].value) : -1;
  for (const one of refused) if (one.number >= last && (await context.refusedAttempts.take(one))) return undefined;
  for (const stored of accepted) {
    const record = await answeredBy(context, stored, repeat, enqueueAgain);
    if (record) return record;
  }
  return undefined;
}

/** Whether this key was accepted with a mail: a repeat of it gets the same answer, though the mail was returned meanwhile. */
export const isKnownKey = async ({ log }: Context, { application, mailbox }: QueueMessage, key: string | undefined): Promise<boolean> =>
  key !== undefined && (await log.keyHolder(mailbox, keyHashOf(application, mailbox, key))) !== undefined;
