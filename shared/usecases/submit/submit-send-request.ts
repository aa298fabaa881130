// One delivery of a queue message: at most one submission attempt. Decide, act, finish, until nothing is left to decide.
import { isOfFuture } from '../../domain/log/send-request.ts';
import { postpone } from '../../domain/submit/come-again.ts';
import { decideDelivery } from '../../domain/submit/delivery-decision.ts';
import type { Ending } from '../../domain/submit/ending.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import { unlessOutOfReach } from '../../ports/store-unavailable.ts';
import type { Context } from '../context.ts';
import { actOnDecision } from './act-on-decision.ts';
import { Delivery } from './delivery.ts';
import { finish, SuccessorNotEnqueued } from './finish.ts';
import { readAhead } from './read-ahead.ts';

/** A delivery ends after a few decisions: deferral recorded, doubt resolved, attempt. */
const MAXIMUM_DECISIONS = 6;

/** How the broker delivers the queue message: for which time, from 1, and how the worker waits before it fails. */
export interface BrokerDelivery {
  count: number;
  sleep: (ms: number) => Promise<unknown>;
}

/**
 * How long a delivery that could enqueue nothing lasts. A lost connection is over at once; a queue that gives but takes nothing (full, or a
 * right is missing) must not burn all deliveries of its messages (`maxDeliveryCount`, infra/modules/service-bus.bicep) in a second.
 */
const nothingEnqueuedMs = (count: number): number => Math.min(1_000 * 4 ** (count - 1), 60_000);

async function decide(delivery: Delivery): Promise<Ending> {
  const { context, message, record, now } = delivery;
  if (isOfFuture(record)) {
    const reason = `The record of ${record.id} has schemaVersion ${record.schemaVersion}, which this version does not know`;
    return { kind: 'drop', reason, setAside: true };
  }
  return actOnDecision(delivery, decideDelivery(record, message, now, context.rules.inDoubtGraceMs));
}

/** Throws StoreUnavailable. */
async function handle(delivery: Delivery): Promise<void> {
  readAhead(delivery.context, delivery.message);
  await delivery.open();
  for (let decisions = 0; decisions < MAXIMUM_DECISIONS; decisions++) {
    if ((await finish(delivery, await decide(delivery))) === 'complete') return;
  }
  throw new Error(`${delivery.record.id}: no end after ${MAXIMUM_DECISIONS} decisions`);
}

/** A store is out of reach, or there is no memory: what remains to be done comes again. */
async function postponed(delivery: Delivery, reason: string): Promise<void> {
  await finish(delivery, postpone(delivery.situation, delivery.context.rules.retry, reason));
}

/** If no successor could be enqueued, it fails after a while. */
async function waitingToFail(work: () => Promise<void>, { count, sleep }: BrokerDelivery): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SuccessorNotEnqueued) await sleep(nothingEnqueuedMs(count));
    throw error;
  }
}

/** Leaves a successor in place of the delivery, whose record is not read. Throws as `submitSendRequest` does. */
export async function postponeDelivery(context: Context, message: QueueMessage, reason: string, broker: BrokerDelivery): Promise<void> {
  await waitingToFail(() => postponed(new Delivery(context, message), reason), broker);
}

/**
 * Handles one queue message. Returns when it may be completed; throws only for bugs, and if no successor could be enqueued
 * (the queue message then comes again by itself, after a while).
 */
export async function submitSendRequest(context: Context, message: QueueMessage, broker: BrokerDelivery): Promise<void> {
  const delivery = new Delivery(context, message);
  const handled = () =>
    unlessOutOfReach(
      () => handle(delivery),
      (error) => postponed(delivery, error.message),
    );
  await waitingToFail(handled, broker);
}
