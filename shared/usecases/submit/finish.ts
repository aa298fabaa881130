// Carries out how a delivery ends. This is the only place that knows the order of writes:
//
//   1. The successor goes on the queue. From then on a crash cannot lose the request, and the successor carries what the attempt knew.
//   2. What must be there when the request is final: the copy of the content for a resend, or the poison that is set aside.
//   3. The log. If it is out of reach after step 1, nothing more is done: the successor writes what it carries.
//   4. If the mail may have to be sent again after a bounce, its content is kept. Then the content in Blob Storage is removed. If the worker
//      dies between 3 and 4, the queue message comes again with the content: it is dropped, and the content is kept then.
//   5. Drafts that the request has left in the mailbox are removed.
//
// An acceptance has no successor. One is made only if the log is out of reach, so that the acceptance is not forgotten.
import { keepsContent, mustStillKeep } from '../../domain/act/kept-content.ts';
import type { LifecycleEvent } from '../../domain/log/apply-event.ts';
import {
  type Accepted,
  type ComeAgain,
  type DecideAgain,
  type Drop,
  type Ending,
  type EndWithEvent,
  type Entry,
  mayWrite,
} from '../../domain/submit/ending.ts';
import { messageIdOf, type QueueMessage } from '../../domain/submit/queue-message.ts';
import { successorOf } from '../../domain/submit/successor.ts';
import { unlessOutOfReach } from '../../ports/store-unavailable.ts';
import { changeOf, type Stored, type Written, writeEvent } from '../log/write-log.ts';
import { keepForResend, releaseContent } from './content.ts';
import type { Delivery } from './delivery.ts';
import { discardDrafts } from './discard-drafts.ts';
import { setAside } from './set-aside.ts';

/** Nothing could be put on the queue: the delivery fails, and the queue message itself comes again. */
export class SuccessorNotEnqueued extends Error {
  override name = 'SuccessorNotEnqueued';
}

/** Repeating the same step is harmless: duplicate detection drops it. */
async function schedule({ context }: Delivery, successor: QueueMessage, at: string): Promise<void> {
  const result = await context.queue.enqueue(successor, at);
  if (result.kind === 'enqueued') return;
  throw new SuccessorNotEnqueued(`${messageIdOf(successor.id, successor.step)}: ${result.reason}`);
}

/** Whatever else it says: a delivery shows that the queue has the request. */
const confirmed = (event: LifecycleEvent): LifecycleEvent => ({ ...event, clears: [...(event.clears ?? []), 'unconfirmed'] });

const write = ({ context, record, stored }: Delivery, { event, onlyIf }: Entry): Promise<Written> =>
  writeEvent(context, stored, (current) => (mayWrite(onlyIf, record, current) ? confirmed(event) : undefined));

async function comeAgain(delivery: Delivery, { at, carries, entry, patch, postponed }: ComeAgain): Promise<void> {
  const { context, message, record, stored } = delivery;
  const { id: sendRequestId, mailbox, traceparent } = message;
  const successor = successorOf(message, record, carries);
  await schedule(delivery, successor, at);
  if (postponed !== undefined) {
    const waits = carries.waits ?? 0;
    context.telemetry.event('submissionPostponed', { sendRequestId, mailbox, reason: postponed, waits, traceparent });
  }
  const next = { step: successor.step, nextAttemptDateTime: at };
  const writing = async (): Promise<unknown> => {
    if (entry) return write(delivery, { ...entry, event: { ...entry.event, patch: { ...entry.event.patch, ...next } } });
    return patch && context.log.write(changeOf({ ...record, ...patch, ...next }, []), stored.etag);
  };
  await unlessOutOfReach(writing, () => {
    context.telemetry.event('logUnavailable', { sendRequestId, during: entry?.event.type ?? 'nextAttemptDateTime', traceparent });
  });
}

/** Whether the queue message may be completed, or the same delivery has to decide again on the newest record. */
export type Finished = 'complete' | 'decideAgain';

/** The event was not written, since the record has changed. */
function again(delivery: Delivery, newest: Stored | undefined): Finished {
  if (!newest) return 'complete';
  delivery.goOnWith(newest);
  return 'decideAgain';
}

async function endWithEvent(delivery: Delivery, ending: EndWithEvent): Promise<Finished> {
  if (ending.keepForResend) await keepForResend(delivery);
  if (ending.setAside !== undefined) await setAside(delivery, ending.setAside);
  const written = await write(delivery, ending.entry);
  if (written.kind === 'ignored') return again(delivery, written.stored);
  if (written.kind === 'written') delivery.goOnWith(written.stored);
  if (ending.releaseContent) await releaseContent(delivery);
  if (ending.discardDrafts) await discardDrafts(delivery);
  return 'complete';
}

async function decideAgain(delivery: Delivery, { entry }: DecideAgain): Promise<Finished> {
  if (!entry) return again(delivery, await delivery.next());
  const written = await write(delivery, entry);
  return again(delivery, written.kind === 'written' || written.kind === 'ignored' ? written.stored : undefined);
}

async function accepted(delivery: Delivery, { entry, ifUnwritten }: Accepted): Promise<void> {
  const writing = async () => {
    if (entry) await write(delivery, entry);
    return true;
  };
  const isWritten = ifUnwritten ? await unlessOutOfReach(writing, () => false) : await writing();
  if (ifUnwritten && !isWritten) return comeAgain(delivery, ifUnwritten);
  if (keepsContent(delivery.record, delivery.context.rules)) await keepForResend(delivery);
  await releaseContent(delivery);
}

async function drop(delivery: Delivery, ending: Drop): Promise<void> {
  const { context, message, record } = delivery;
  if (ending.setAside) return setAside(delivery, ending.reason);
  const { id: sendRequestId, step, traceparent } = message;
  context.telemetry.event('queueMessageDropped', { sendRequestId, step, reason: ending.reason, traceparent });
  if (mustStillKeep(record, context.rules, delivery.now)) {
    await keepForResend(delivery);
    return releaseContent(delivery);
  }
  if (record.status !== 'cancelled' && !(record.status === 'unaccounted' && record.mayHaveGone)) return;
  // Cancelled between two attempts: the next one was stopped, and a draft of the first may be left. What may have gone may be sent again by a person.
  if (record.mayHaveGone) await keepForResend(delivery);
  await releaseContent(delivery);
  await discardDrafts(delivery);
}

/** Throws StoreUnavailable, and SuccessorNotEnqueued. */
export async function finish(delivery: Delivery, ending: Ending): Promise<Finished> {
  switch (ending.kind) {
    case 'decideAgain':
      return decideAgain(delivery, ending);
    case 'endWithEvent':
      return endWithEvent(delivery, ending);
    case 'comeAgain':
      await comeAgain(delivery, ending);
      return 'complete';
    case 'accepted':
      await accepted(delivery, ending);
      return 'complete';
    case 'drop':
      await drop(delivery, ending);
      return 'complete';
  }
}
